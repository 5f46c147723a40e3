// npm run bench:gate-rules: the gate's rule beside others, in virtual time; the same figures each time.
// With --write they go into docs/gate-benchmark.md.
import { parseArgs } from 'node:util';
import { asText } from '../tables.js';
import { sectionLines } from './parts.js';
import { compareRaised, compareRules } from './rule-results.js';
import { ruleSections } from './rule-sections.js';
import { writePart } from './write.js';

const { values: options } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

const sections = ruleSections(compareRules(), compareRaised());
console.log(sections.map(asText).join('\n'));
if (options.write) {
  writePart('gate-rules', sectionLines(sections));
  console.log('Written: docs/gate-benchmark.md');
}
