// Section 3 of the contract: the plugin among other interceptors.
import assert from 'node:assert/strict';
import type { AxiosError, AxiosResponse } from 'axios';
import type { Rule } from './rule.js';
import type { Settled } from './test-bed.js';
import { statusOf } from './test-bed.js';

export const interceptorRules: readonly Rule[] = [
  {
    name: 'a response interceptor before the plugin sees every attempt, one after it only the outcome',
    async check(bed) {
      const server = await bed.serve(503, 502, 200, 503);
      const api = bed.bare(server);
      const seen: string[] = [];
      const note = (where: string) =>
        [
          (response: AxiosResponse) => {
            seen.push(`${where} ${response.status}`);
            return response;
          },
          (error: AxiosError) => {
            seen.push(`${where} ${error.response?.status}`);
            return Promise.reject(error);
          },
        ] as const;
      api.interceptors.response.use(...note('before'));
      bed.attach(api, { maxRetries: 2 });
      api.interceptors.response.use(...note('after'));
      await bed.settled(api.get('/x'));
      assert.deepEqual(seen, ['before 503', 'before 502', 'before 200', 'after 200']);
      seen.length = 0;
      await bed.settled(api.get('/x', { retry: { maxRetries: 1 } }));
      assert.deepEqual(seen, ['before 503', 'before 503', 'after 503']);
    },
  },
  ...(['before', 'after'] as const).map(
    (side): Rule => ({
      name: `response => response.data works ${side} the plugin`,
      async check(bed) {
        const api = bed.bare(await bed.serve(503, { body: '{"a":1}' }));
        const use = () => api.interceptors.response.use((response) => response.data as never);
        if (side === 'before') use();
        bed.attach(api);
        if (side === 'after') use();
        assert.deepEqual((await bed.settled(api.get('/x'))) as unknown, { a: 1 });
      },
    }),
  ),
  ...[false, true].map(
    (synchronous): Rule => ({
      name: `${synchronous ? 'synchronous' : 'asynchronous'} request interceptors run for each attempt, on the request as the caller made it`,
      async check(bed) {
        const { api, server } = await bed.client([503, 503, 200]);
        let token = 0;
        api.interceptors.request.use(
          (config) => {
            token += 1;
            config.headers.set('X-Token', `t${token}`);
            config.headers.set('X-Trail', `${(config.headers.get('X-Trail') ?? '') as string}+`);
            config.url += '/end';
            config.data.list.push('more');
            return config;
          },
          undefined,
          { synchronous },
        );
        await bed.settled(api.post('/x', { list: ['a'] }));
        const received = await server.received();
        assert.deepEqual(
          received.map(({ url, body, headers }) => [
            url,
            body,
            headers['x-token'],
            headers['x-trail'],
          ]),
          [1, 2, 3].map((n) => ['/x/end', '{"list":["a","more"]}', `t${n}`, '+']),
        );
      },
    }),
  ),
  {
    name: 'a call keeps the request interceptors that it began with',
    async check(bed) {
      const { api, server } = await bed.client([503, 200], {
        onRetry: () => {
          api.interceptors.request.use(() => Promise.reject(new Error('it came later')));
        },
      });
      await bed.settled(api.get('/x'));
      assert.equal((await server.received()).length, 2);
    },
  },
  {
    name: 'default headers are read again for each retry, those of the caller stay',
    async check(bed) {
      const { api, server } = await bed.client([503, 503, 200], {
        onRetry: ({ retryNumber }) => {
          Object.assign(api.defaults.headers.common, {
            'X-Token': `t${retryNumber}`,
            'X-Own': 'default',
          });
        },
      });
      Object.assign(api.defaults.headers.common, { 'X-Token': 't0' });
      await bed.settled(api.get('/x', { headers: { 'X-Own': 'mine' } }));
      const sent = (await server.received()).map(({ headers }) => [
        headers['x-token'],
        headers['x-own'],
      ]);
      assert.deepEqual(sent, [
        ['t0', 'mine'],
        ['t1', 'mine'],
        ['t2', 'mine'],
      ]);
    },
  },
  {
    name: 'an error after a wait shows the config that request interceptors have made',
    async check(bed) {
      const client = await bed.client([503]);
      client.api.interceptors.request.use((config) => Object.assign(config, { startedAt: 5 }));
      const request = client.api.get('/x').catch((error: AxiosError) => error);
      await bed.untilWaiting(client);
      client.handle.detach();
      const { config } = (await request) as AxiosError;
      assert.equal((config as { startedAt?: number } | undefined)?.startedAt, 5);
    },
  },
  {
    name: 'request interceptors run in the async context (AsyncLocalStorage) of their own request',
    unless: ({ runtime }) =>
      runtime === 'chromium' ? 'a page has no AsyncLocalStorage' : undefined,
    async check(bed) {
      const { AsyncLocalStorage } = bed.environment;
      if (AsyncLocalStorage === undefined) throw new Error('no AsyncLocalStorage');
      const user = new AsyncLocalStorage<string>();
      const api = bed.bare(await bed.serve(503, 503, 503, 200));
      const seen: string[] = [];
      api.interceptors.request.use((config) => {
        seen.push(`${config.url}: ${user.getStore()}`);
        return config;
      });
      bed.attach(api);
      const ask = (name: string) => user.run(name, () => api.get(`/${name}`));
      await bed.settled(Promise.all([ask('a'), ask('b')]));
      assert.deepEqual([...new Set(seen)].sort(), ['/a: a', '/b: b']);
      assert.equal(seen.length, 5);
    },
  },
  {
    name: 'the table applies whatever validateStatus says; the last outcome settles by it',
    async check(bed) {
      const { api, server } = await bed.client([503], { maxRetries: 2 });
      const outcome = await bed.settled(api.get('/x', { validateStatus: () => true }));
      assert.ok(!('isAxiosError' in outcome));
      assert.equal(outcome.status, 503);
      assert.equal((await server.received()).length, 3);
    },
  },
  {
    name: 'a 401 refresher that sends error.config again keeps the count and the body',
    async check(bed) {
      const { api, server } = await bed.client([503, 401, 503, 200]);
      api.interceptors.response.use(undefined, (error: AxiosError) => {
        const { config } = error;
        if (error.response?.status !== 401 || config === undefined) return Promise.reject(error);
        config.headers.set('Authorization', 'fresh');
        return api.request(config);
      });
      const outcome = await bed.settled(api.post('/x', { a: 1 }));
      assert.equal(statusOf(outcome), 200);
      assert.deepEqual(bed.delays(outcome), [8000, 64_000]);
      assert.deepEqual(
        (await server.received()).map(({ headers, body }) => [headers.authorization, body]),
        [undefined, undefined, 'fresh', 'fresh'].map((token) => [token, '{"a":1}']),
      );
    },
  },
  {
    name: 'two requests that resend the same error.config at once share neither count nor wait',
    async check(bed) {
      const { api } = await bed.client([503, 401, 503, 503, 200, 200]);
      api.interceptors.response.use(undefined, (error: AxiosError) => {
        const { config } = error;
        if (error.response?.status !== 401 || config === undefined) return Promise.reject(error);
        return Promise.all([api.request(config), api.request(config)]) as never;
      });
      const both = (await bed.settled(api.get('/x'))) as unknown as readonly Settled[];
      assert.deepEqual(
        both.map((outcome) => [statusOf(outcome), bed.delays(outcome)]),
        [0, 1].map(() => [200, [8000, 64_000]]),
      );
    },
  },
  {
    name: 'a chain of synchronous interceptors stays synchronous, and runWhen can call retryCount',
    async check(bed) {
      const server = await bed.serve(503, 200);
      const api = bed.bare(server);
      const counts: number[] = [];
      let sent = 0;
      const runWhen = (config: object): boolean => {
        counts.push(bed.environment.plugin.retryCount(config));
        return false;
      };
      const skipped = () => Promise.reject(new Error('it does not run when runWhen returns false'));
      api.interceptors.request.use(skipped, undefined, { runWhen });
      const count = <T>(config: T): T => {
        sent += 1;
        return config;
      };
      api.interceptors.request.use(count, undefined, { synchronous: true });
      bed.attach(api);
      const request = api.get('/x');
      assert.equal(sent, 1);
      assert.equal(statusOf(await bed.settled(request)), 200);
      assert.deepEqual([sent, counts], [2, [0, 1]]);
    },
  },
  {
    name: "the caller's config does not change; the outcome has Axios's config and one more JSON-safe key",
    async check(bed) {
      const server = await bed.serve(200, 503, 200, 404, 503, 404);
      const make = () => ({
        url: '/x',
        method: 'post',
        data: { a: [1, { b: 2 }] },
        params: { p: '1' },
        headers: { 'X-Own': 'yes' },
      });
      const bare = bed.bare(server);
      const api = bed.bare(server);
      const config = make();
      const shown = ({ config }: Settled) => JSON.parse(JSON.stringify(config)) as object;
      const axiosOwn = shown(await bed.settled(bare.request(make())));
      bed.attach(api);
      const ours = shown(await bed.settled(api.request(config)));
      assert.deepEqual(config, make());
      const extra = Object.keys(ours).filter((key) => !(key in axiosOwn));
      assert.equal(extra.length, 1, `keys: ${extra.join(', ')}`);
      const without = (all: object) => ({ ...all, [extra[0] ?? '']: undefined });
      assert.deepEqual(without(ours), without(axiosOwn));
      const axiosError = shown(await bed.settled(bare.request(make())));
      assert.deepEqual(without(shown(await bed.settled(api.request(config)))), without(axiosError));
    },
  },
  {
    name: 'a request interceptor that throws makes no attempt, and its error is passed on unchanged',
    async check(bed) {
      const { api, server } = await bed.client([200]);
      const bug = new Error('a bug');
      api.interceptors.request.use(() => Promise.reject(bug));
      assert.equal((await bed.settled(api.get('/x'))) as unknown, bug);
      assert.equal((await server.received()).length, 0);
    },
  },
  {
    name: "a failure that is not retried is Axios's own error, with its body",
    async check(bed) {
      const { api } = await bed.client([{ status: 404, body: '{"why":"gone"}' }]);
      const error = (await bed.settled(api.get('/x'))) as AxiosError;
      assert.ok(bed.environment.axios.isAxiosError(error));
      assert.deepEqual(error.response?.data, { why: 'gone' });
    },
  },
  {
    name: 'after several failures the caller gets the last one, with its body',
    async check(bed) {
      const answers = [503, { status: 503, body: '{"n":2}' }];
      const { api } = await bed.client(answers, { maxRetries: 1 });
      const error = (await bed.settled(api.get('/x'))) as AxiosError;
      assert.deepEqual(error.response?.data, { n: 2 });
    },
  },
];
