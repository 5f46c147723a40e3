import type { HerdResults } from './herd-results.js';
import { peerNames, words } from './peer-names.js';

/** Where and when a run was. */
export function measuredOn({ date, machine, versions }: HerdResults): string {
  const packages = ['axios-status-retry', 'axios', 'axios-retry', 'retry-axios'];
  const used = packages.map((name) => `${name} ${versions[name]}`).join(', ');
  return `Measured on ${date}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.os}; ${used}.`;
}

/** How the contestants of a run were set up, as a table of a document. */
export function setupLines({ races }: HerdResults): string[] {
  const used = peerNames.filter((name) => races.some(({ contestant }) => contestant === name));
  return [
    '| contestant | set up as |',
    '| --- | --- |',
    ...used.map((name) => `| ${words[name].label} | ${words[name].setup} |`),
    '',
  ];
}
