// What a call asks for, and what the server does with each of its attempts: drawn from the seed.
import { between, draw, pick } from './random.js';

export type Transport = 'http' | 'fetch' | 'http2';
export type BodyKind = 'none' | 'json' | 'buffer' | 'form' | 'stream';
/** How the caller takes the response; an `'abandoned'` stream is destroyed unread. */
export type Reads = 'json' | 'arraybuffer' | 'stream' | 'abandoned';

/** What the server does with an attempt. Retry-After in seconds follows a `+`. */
export type Fault =
  // Answers that are in order.
  | 'whole'
  | 'slow'
  | 'dripping'
  | 'after-1xx'
  | 'gzip'
  | 'closing'
  | 'closed-when-idle'
  // Statuses.
  | '404'
  | '500'
  | '429'
  | '429+0'
  | '429+1'
  | '502'
  | '503'
  | '503+0'
  | '503+1'
  | '503-endless'
  | '504'
  | '529'
  | '529+0'
  // No answer.
  | 'refused'
  | 'reset-at-connect'
  | 'reset'
  | 'hang-up'
  | 'silent'
  | 'late'
  | 'huge-headers'
  // Answers with a bad body.
  | 'reset-in-body'
  | 'truncated'
  | 'stalled'
  | 'endless'
  | 'bad-gzip'
  // HTTP/2 only.
  | 'stream-canceled'
  | 'canceled-in-body'
  | 'session-reset'
  | 'goaway';

export interface CallPlan {
  readonly id: number;
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'POST' | 'PATCH';
  /** Where its Idempotency-Key comes from. */
  readonly key: 'none' | 'option' | 'caller';
  readonly body: BodyKind;
  readonly reads: Reads;
  /** Of one attempt, in milliseconds. */
  readonly timeout: number;
  readonly maxRetries: number;
  readonly networkErrors: boolean;
  readonly totalTimeout: number | undefined;
  /** When it is aborted, in milliseconds from its start. */
  readonly abortAfter: number | undefined;
  /** How it is aborted, or could be: by the one signal that many share, which is never aborted. */
  readonly abortBy: 'none' | 'signal' | 'token' | 'shared signal';
  /** Whether `maxContentLength` ends an endless body. */
  readonly isLimited: boolean;
  /** Whether `validateStatus` takes every status. */
  readonly resolvesAll: boolean;
  /** Whether its instance has no other interceptors, where the plugin copies less. */
  readonly isBare: boolean;
}

/** Largest response that a limited call takes, in bytes. */
export const MAX_CONTENT_LENGTH = 4000;

export function planCall(seed: number, id: number): CallPlan {
  const of = (what: string) => draw(seed, id, what);
  const method = pick(of('method'), [
    ['GET', 45],
    ['PUT', 12],
    ['DELETE', 6],
    ['POST', 30],
    ['PATCH', 7],
  ] as const);
  const takesKey = method === 'POST' || method === 'PATCH';
  const hasBody = takesKey || method === 'PUT';
  const reads = pick(of('reads'), [
    ['json', 55],
    ['arraybuffer', 15],
    ['stream', 18],
    ['abandoned', 12],
  ] as const);
  const abortBy = pick(of('abort'), [
    ['none', 60],
    ['signal', 5],
    ['token', 2],
    ['shared signal', 33],
  ] as const);
  const isAborted = abortBy === 'signal' || abortBy === 'token';
  return {
    id,
    method,
    key: takesKey
      ? pick(of('key'), [
          ['none', 40],
          ['option', 40],
          ['caller', 20],
        ] as const)
      : 'none',
    body: hasBody
      ? pick(of('body'), [
          ['json', 45],
          ['buffer', 20],
          ['form', 15],
          ['stream', 15],
        ] as const)
      : 'none',
    reads,
    timeout: between(of('timeout'), 250, 500),
    maxRetries: between(of('retries'), 3, 8),
    networkErrors: of('network') < 0.9,
    totalTimeout: of('total') < 0.1 ? between(of('total ms'), 300, 1500) : undefined,
    abortAfter: isAborted ? between(of('abort ms'), 0, 200) : undefined,
    abortBy,
    isLimited: reads !== 'stream' && reads !== 'abandoned' && of('limit') < 0.1,
    resolvesAll: of('validate') < 0.05,
    isBare: of('bare') < 0.3,
  };
}

/** Whether the caller takes the response as a stream. */
export function isStream({ reads }: CallPlan): boolean {
  return reads === 'stream' || reads === 'abandoned';
}

const GOOD: readonly (readonly [Fault, number])[] = [
  ['whole', 50],
  ['slow', 8],
  ['dripping', 6],
  ['after-1xx', 6],
  ['gzip', 8],
  ['closing', 4],
  ['closed-when-idle', 8],
];

const BAD: readonly (readonly [Fault, number])[] = [
  ['404', 2],
  ['500', 2],
  ['429', 1],
  ['429+0', 6],
  ['429+1', 0.5],
  ['502', 4],
  ['503', 12],
  ['503+0', 6],
  ['503+1', 0.5],
  ['504', 4],
  ['529', 3],
  ['529+0', 3],
  ['refused', 5],
  ['reset', 8],
  ['hang-up', 6],
  ['silent', 2],
  ['late', 1],
  ['reset-in-body', 6],
  ['truncated', 6],
  ['stalled', 2],
  ['bad-gzip', 4],
];

/** Answered with statuses alone, one call after another. */
const STORM: readonly (readonly [Fault, number])[] = [
  ['429+0', 5],
  ['503', 5],
  ['503+0', 3],
  ['429+1', 0.1],
];

const CALLS_OF_A_STORM = 100;

/** What the server does with an attempt of a call; the first is attempt 0. */
export function planFault(
  seed: number,
  transport: Transport,
  plan: CallPlan,
  attempt: number,
): Fault {
  const of = (what: string) => draw(seed, plan.id, attempt, what);
  const isStorm = Math.floor(plan.id / CALLS_OF_A_STORM) % 10 === 9;
  if (isStorm && attempt < 2) return pick(of('storm'), STORM);
  const isHttp2 = transport === 'http2';
  if (of('good') < 0.5) {
    if (isHttp2 && of('goaway') < 0.005) return 'goaway';
    return pick(of('fault'), GOOD);
  }
  const mayHang = plan.totalTimeout !== undefined;
  const canEnd = isStream(plan) || plan.isLimited || mayHang || transport === 'fetch';
  return pick(of('fault'), [
    ...BAD,
    // Of a session that ends before it began, Axios 1.21 leaves some requests unsettled.
    ['reset-at-connect', isHttp2 && !mayHang ? 0 : 5],
    // Node's HTTP/2 takes them or not, by what its header table holds.
    ['huge-headers', isHttp2 ? 0 : 1],
    ['endless', canEnd ? 3 : 0],
    // Read whole, it would last as long as an endless success.
    ['503-endless', isStream(plan) ? 8 : 0],
    ['stream-canceled', isHttp2 && mayHang ? 3 : 0],
    ['canceled-in-body', isHttp2 ? 2 : 0],
    ['session-reset', isHttp2 ? 0.1 : 0],
  ]);
}
