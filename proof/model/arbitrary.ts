// Random sequences. Each choice leans to what lets a call go on, so that the rare ones meet long calls.
import fc from 'fast-check';
import type {
  AnswerPlan,
  CallPlan,
  GatePlan,
  HookPlan,
  InstancePlan,
  InterceptorPlan,
  OptionsPlan,
  Plan,
  RetryAfterPlan,
  RowPlan,
  StepPlan,
} from './plan.js';

type Weighted<T> = readonly [weight: number, value: T];

/** One of several values; the first one is what a failure shrinks to. */
function among<T>(...values: readonly Weighted<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...values.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}
function rarely<T>(share: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 100 - share, arbitrary: fc.constant(undefined) },
    { weight: share, arbitrary },
  );
}

const seconds = fc.constantFrom(1, 0, 2, 7, 30, 120);
const oneSecond = fc.oneof(
  { weight: 20, arbitrary: seconds },
  { weight: 1, arbitrary: fc.constantFrom(90_000, 200_000, 10 ** 17) },
);
const retryAfter: fc.Arbitrary<RetryAfterPlan> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ form: 'none' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      form: fc.constant('seconds' as const),
      seconds: fc.tuple(oneSecond),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      form: fc.constantFrom('repeated' as const, 'array' as const),
      seconds: fc.tuple(seconds, seconds),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      form: fc.constantFrom('imf' as const, 'rfc850' as const, 'asctime' as const),
      seconds: fc.constantFrom(3, 1, 30, 300, -20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      form: fc.constant('invalid' as const),
      text: fc.constantFrom(
        'soon',
        '-5',
        '+5',
        '1.5',
        '1e3',
        '0x10',
        '',
        'Infinity',
        '2, x',
        'Thu, 31 Feb 2030 00:00:00 GMT',
        '2030-01-01T00:01:00Z',
      ),
    }),
  },
);

const answer: fc.Arbitrary<AnswerPlan> = fc.record({
  after: fc.constantFrom(0, 10, 50, 300, 2000),
  kind: among<AnswerPlan['kind']>([14, 'status'], [2, 'network'], [1, 'silence']),
  status: among(
    [8, 503],
    [4, 429],
    [2, 502],
    [1, 504],
    [2, 529],
    [1, 200],
    [1, 404],
    [1, 500],
    [1, 401],
    [1, 204],
    [1, 304],
    [1, 403],
    [1, 409],
    [1, 418],
    [1, 599],
  ),
  code: among(
    [3, 'ECONNRESET'],
    [1, 'ECONNREFUSED'],
    [1, 'ENOTFOUND'],
    [1, 'ERR_NETWORK'],
    [1, 'ERR_FR_TOO_MANY_REDIRECTS'],
  ),
  retryAfter,
  date: among<AnswerPlan['date']>([5, 'none'], [2, 'right'], [2, 'ahead'], [1, 'invalid']),
  age: among([6, false], [1, true]),
  hintMs: rarely(15, fc.constantFrom(1500, 10, 40_000)),
  verdict: rarely(10, fc.boolean()),
});

const hook: fc.Arbitrary<HookPlan> = fc.record({
  after: among([10, 0], [2, 20], [2, 700], [1, Number.POSITIVE_INFINITY]),
  act: among<HookPlan['act']>(
    [12, 'ok'],
    [1, 'throw'],
    [1, 'nonsense'],
    [1, 'abort'],
    [1, 'cancel'],
    [1, 'retry-now'],
    [1, 'stop'],
    [3, 'force'],
    [3, 'edit'],
  ),
  delay: fc.constantFrom(500, 0, 100_000),
});
const hooksOf = fc.array(hook, { maxLength: 3 });

function interceptor(...acts: readonly InterceptorPlan['act'][]): fc.Arbitrary<InterceptorPlan> {
  return fc.record({
    hold: among([12, 0], [1, 40], [1, 900]),
    act: among<InterceptorPlan['act']>(
      [20, 'ok'],
      ...acts.map((act) => [1, act] as Weighted<InterceptorPlan['act']>),
    ),
  });
}

const row: fc.Arbitrary<RowPlan> = fc
  .record({
    code: fc.constantFrom<RowPlan['code']>(500, '5xx', 503, 429, '4xx', 404, 200, 418),
    retry: fc.constantFrom<RowPlan['retry']>(
      'backoff',
      'never',
      'retry-after',
      'retry-after-or-backoff',
    ),
    maxRetries: rarely(20, fc.constantFrom(1, 0, 7)),
    backoffMs: rarely(20, fc.constantFrom(1200, 30)),
  })
  .map(({ maxRetries, backoffMs, ...rest }) => ({
    ...rest,
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(backoffMs === undefined ? {} : { backoffMs }),
  }));

const options: fc.Arbitrary<OptionsPlan> = fc
  .record({
    table: rarely(
      25,
      fc.record({
        rows: fc.uniqueArray(row, { minLength: 1, maxLength: 3, selector: ({ code }) => code }),
        extendsPlatform: fc.boolean(),
      }),
    ),
    maxRetries: rarely(30, fc.constantFrom(3, 0, 1, Number.POSITIVE_INFINITY)),
    backoff: rarely(
      75,
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            kind: fc.constant('exponential' as const),
            base: fc.constantFrom(1000, 200, 10),
            factor: fc.constantFrom(2, 1, 8),
          }),
        },
        { weight: 1, arbitrary: fc.constant({ kind: 'growing' as const }) },
      ),
    ),
    jitter: rarely(15, fc.constantFrom(0.5, 1)),
    maxDelay: rarely(20, fc.constantFrom(60_000, 5000, 0)),
    maxElapsed: rarely(15, fc.constantFrom(30_000, 3010, 8010)),
    totalTimeout: rarely(15, fc.constantFrom(20_005, 2505, 605)),
    methods: rarely(8, fc.constantFrom(['GET', 'HEAD'], ['get', 'post'])),
    networkErrors: rarely(50, fc.constant(true)),
    idempotencyKey: rarely(25, fc.constant(true)),
    hints: rarely(30, fc.constant(true)),
  })
  .map((all) =>
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
  ) as fc.Arbitrary<OptionsPlan>;

const call: fc.Arbitrary<CallPlan> = fc.record({
  instance: fc.nat(2),
  origin: among<CallPlan['origin']>([4, 'a'], [1, 'b']),
  method: among<CallPlan['method']>(
    [6, 'GET'],
    [4, 'POST'],
    [1, 'PUT'],
    [1, 'PATCH'],
    [1, 'DELETE'],
    [1, 'HEAD'],
  ),
  body: among<CallPlan['body']>(
    [6, 'none'],
    [5, 'object'],
    [1, 'text'],
    [1, 'stream'],
    [1, 'form'],
  ),
  ownKey: among([9, false], [1, true]),
  validate: among<CallPlan['validate']>([6, 'default'], [2, 'all'], [1, 'only-200']),
  retry: fc.oneof(
    { weight: 14, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: options },
    { weight: 1, arbitrary: fc.constant(false as const) },
    { weight: 1, arbitrary: fc.constant('wrong' as const) },
  ),
  timeout: among([3, 0], [2, 1000], [1, 205]),
  abortable: among<CallPlan['abortable']>([2, 'signal'], [1, 'token'], [2, 'none']),
  abortedBefore: among([40, false], [1, true]),
  priority: fc.constantFrom(0, 1),
  answers: fc.array(answer, { minLength: 1, maxLength: 5 }),
  hooks: fc.record({
    decide: hooksOf,
    onRetry: hooksOf,
    beforeRetry: hooksOf,
    onGiveUp: fc.array(hook, { maxLength: 1 }),
  }),
  late: fc.array(interceptor('throw'), { maxLength: 3 }),
  early: fc.array(interceptor('throw'), { maxLength: 3 }),
  inner: fc.array(interceptor('throw', 'swallow', 'data'), { maxLength: 3 }),
  outer: fc.oneof(
    { weight: 2, arbitrary: interceptor('throw', 'swallow', 'data') },
    { weight: 1, arbitrary: fc.constant({ hold: 0, act: 'refresh' as const }) },
  ),
});

const step: fc.Arbitrary<StepPlan> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('send' as const), call }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 10, 110, 1000, 2500, 9000, 70_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom<'abort' | 'cancel' | 'retry-now' | 'resume'>(
        'abort',
        'cancel',
        'retry-now',
        'resume',
      ),
      pick: fc.nat(7),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom<'detach' | 'attach' | 'suspend' | 'drain' | 'token'>(
        'token',
        'suspend',
        'drain',
        'attach',
        'detach',
      ),
      pick: fc.nat(7),
    }),
  },
);
const wall: fc.Arbitrary<StepPlan> = fc.record({
  do: fc.constant('wall' as const),
  how: fc.constantFrom<'back' | 'forward' | 'stand' | 'go'>('back', 'forward', 'stand', 'go'),
  ms: fc.constantFrom(1000, 60_000, 5_000_000, 10),
});

const instance = (gated: fc.Arbitrary<boolean>): fc.Arbitrary<InstancePlan> =>
  fc.record({
    options,
    hooks: fc.boolean(),
    random: fc.constantFrom(0, 0.5, 0.999, 0.3),
    gated,
    budget: among<InstancePlan['budget']>([6, 'none'], [1, 'bucket'], [1, 'throttle']),
    deferral: among<InstancePlan['deferral']>(
      [2, 'none'],
      [2, 'saves'],
      [1, 'slow'],
      [1, 'fails'],
      [1, 'hangs'],
    ),
    clarifyTimeout: among([3, false], [1, true]),
  });

const gate: fc.Arbitrary<GatePlan> = fc.record({
  initialConcurrency: fc.constantFrom(32, 1, 2, Number.POSITIVE_INFINITY),
  maxConcurrency: fc.constantFrom(Number.POSITIVE_INFINITY, 1, 2),
  maxQueued: among([4, Number.POSITIVE_INFINITY], [1, 2]),
  maxRate: rarely(30, fc.constantFrom({ requests: 2, per: 1000 }, { requests: 3, per: 10_000 })),
  quota: rarely(30, fc.constantFrom({ limit: 3, windowMs: 10_000 }, { limit: 6, windowMs: 4000 })),
  priority: fc.boolean(),
});

function plans(gated: fc.Arbitrary<boolean>, steps: fc.Arbitrary<StepPlan>): fc.Arbitrary<Plan> {
  return fc.record({
    gate,
    instances: fc.array(instance(gated), { minLength: 1, maxLength: 3 }),
    steps: fc.array(steps, { minLength: 1, maxLength: 24, size: 'max' }),
  });
}

/** A third each: calls by themselves, a wall clock that is set, gates. */
export const plan: fc.Arbitrary<Plan> = fc.oneof(
  plans(fc.constant(false), step),
  plans(
    fc.constant(false),
    fc.oneof({ weight: 8, arbitrary: step }, { weight: 1, arbitrary: wall }),
  ),
  plans(among([3, true], [1, false]), step),
);
