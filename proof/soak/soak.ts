// A soak: many calls against a faulty server, each accounted for.
import type { ProofOptions, ProofPart, ProofResult } from '../report/part.js';
import { soakFleets } from './fleet.js';
import type { Transport } from './plan.js';
import type { Size } from './transport.js';
import { soakTransport } from './transport.js';

const TRANSPORTS: readonly Transport[] = ['http', 'fetch', 'http2'];

const QUICK: Size = { warmUp: 1000, batch: 1000, batches: 2 };
const FULL: Size = { warmUp: 5000, batch: 10_000, batches: 3 };

/** Failures that are shown of each transport. */
const SHOWN = 10;

async function run({ quick, seed }: ProofOptions): Promise<ProofResult> {
  const figures: (readonly [string, string])[] = [];
  const failures: string[] = [];
  for (const transport of TRANSPORTS) {
    const result = await soakTransport(transport, seed, quick ? QUICK : FULL);
    figures.push(...result.figures);
    failures.push(...result.failures.slice(0, SHOWN));
  }
  const fleets = await soakFleets({ quick, seed });
  return {
    figures: [...figures, ...fleets.figures],
    failures: [...failures, ...fleets.failures.slice(0, SHOWN)],
  };
}

export const soak: ProofPart = {
  name: 'soak',
  title: 'A soak',
  about: `A server in a process of its own resets connections at connect, before, in and after its headers, cuts,
stalls and drips bodies, sends 1xx, bad gzip and huge headers, closes connections that are about to be used
again, and answers storms of 429 and 503. A hundred calls at once go to it through http, fetch and HTTP/2 (with
prior knowledge), with bodies of five kinds, responses read in four ways, aborts and total time-outs. The seed
says what the server does with each attempt, so both sides know, and each call is held against it, against its
report and against the server's log: what it ended with, after which attempts and waits, with which key and body.
An attempt may differ from its plan only by a named reason, which is counted. Then one process and four share a
gate over a Redis that is killed, started again and stopped for a while. It cannot show what needs hours, TLS or a
real network, and on a slow machine more attempts run into their time-outs than the plan has.`,
  run,
};
