// A server, a caller, a ticket and a Redis that mean harm.
import type { ProofPart } from '../report/part.js';
import { exchange } from './exchanges.js';
import type { Idea } from './idea.js';
import { takeLinearTime } from './linear-time.js';
import { createRandom } from './random.js';
import { readHeaders } from './readers.js';
import { lieAsRedis } from './redis.js';
import { forgeTickets } from './tickets.js';

const ideas: readonly Idea[] = [readHeaders, exchange, forgeTickets, lieAsRedis, takeLinearTime];

/** How much more a full run tries than a quick one. */
const FULL_SCALE = 15;

export const hostile: ProofPart = {
  name: 'hostile',
  title: 'Servers, callers, tickets and a Redis that mean harm',
  about: `Header values made by grammars and by mutation go through every parser: none throws, none gives a number that is no
wait, and nothing is sent before a valid Retry-After says. Adapters that answer twice, late, never or with Proxies, frozen and
throwing configs, hooks that return anything: a request settles once, and leaves no wait, timer, listener, unhandled rejection or
polluted prototype. Forged tickets are refused or sent as the contract allows; \`ajv\` and the schema are the oracle. A Redis that lies
stops no request. Every parser of what comes from outside takes as long for each byte of a large input as of a small one. The
clock is virtual, and adapters stand for servers: sockets are in other parts. An adapter that neither answers nor heeds its
signal cannot be ended, by Axios neither.`,
  async run({ quick, seed }) {
    const scale = quick ? 1 : FULL_SCALE;
    const figures: (readonly [string, string])[] = [];
    const failures: string[] = [];
    for (const [at, idea] of ideas.entries()) {
      const found = await idea(createRandom(seed + at), scale);
      figures.push(...found.figures);
      failures.push(...found.failures.map((failure) => `(seed ${seed}) ${failure}`));
    }
    return { figures, failures };
  },
};
