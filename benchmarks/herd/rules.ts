import { AdaptiveRate } from '../../src/gate/adaptive-rate.js';
import { additive, awsCubic, flatCubic } from './laws.js';
import type { LocalPacer } from './paced-line.js';
import { PacedLine } from './paced-line.js';
import type { RateLaw } from './probing.js';
import { Probing } from './probing.js';
import type { Random } from './random.js';
import type { Client } from './simulation.js';
import { Sleepers } from './sleepers.js';
import type { VirtualTime } from './virtual-time.js';

/** One way to decide when a request is sent. */
export interface Rule {
  readonly name: string;
  readonly maxRetries: number;
  /** Whether it looks for the rate that the server takes. */
  readonly adapts: boolean;
  client(time: VirtualTime, random: Random): Client;
}

/** As of the plugin. */
const MAX_RETRIES = 5;
/** As of the gate. */
const START_WITH = 32;

function paced(name: string, make: () => LocalPacer, initialConcurrency = START_WITH): Rule {
  return {
    name,
    maxRetries: MAX_RETRIES,
    adapts: true,
    client: (time, random) => new PacedLine(time, random, make, initialConcurrency),
  };
}

function lawful(name: string, law: RateLaw): Rule {
  return paced(name, () => new Probing(law));
}

function sleeping(name: string, maxRetries: number): Rule {
  return { name, maxRetries, adapts: false, client: (time) => new Sleepers(time) };
}

/** What `createGate` follows. */
export const OUR_RULE = "this package's gate";

export const rules: readonly Rule[] = [
  paced(OUR_RULE, () => new AdaptiveRate()),
  paced('the same without the start window', () => new AdaptiveRate(), Number.POSITIVE_INFINITY),
  lawful('slow start, then flat CUBIC', flatCubic),
  lawful('CUBIC with the constants of the AWS SDKs', awsCubic),
  lawful('AIMD (× 0.7, +2/s each second)', additive),
  sleeping('plain Retry-After, 5 retries', MAX_RETRIES),
  sleeping('plain Retry-After, retried without end', Number.POSITIVE_INFINITY),
];
