// The behaviour suite that `npm run compat` takes everywhere, here on the sources and the newest Axios.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import type { AdapterName, Environment, MockAdapterClass } from '../compat/suite/environment.js';
import { rules } from '../compat/suite/rules.js';
import { LIMIT, TestBed } from '../compat/suite/test-bed.js';
import * as deferral from '../src/deferral/index.js';
import * as index from '../src/index.js';
import * as testing from '../src/testing/index.js';
import type { ScriptedServer } from './support/scripted-server.js';
import { startRoutes } from './support/scripted-server.js';

jest.setTimeout(LIMIT);

let server: ScriptedServer;
beforeAll(async () => {
  server = await startRoutes({}, { cors: true, remote: true });
});
afterAll(() => server.close());

function environmentOf(adapter: AdapterName, url = ''): Environment {
  return {
    axios,
    version: axios.VERSION,
    adapter,
    runtime: 'node',
    plugin: { ...index, ...deferral, ...testing },
    AsyncLocalStorage,
    nodeStream: () => Readable.from([Buffer.from('\0hi\n')]),
    ...(adapter === 'mock'
      ? { MockAdapter: MockAdapter as unknown as MockAdapterClass }
      : { serverUrl: url }),
  };
}

it('has no two rules of one name', () => {
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(['http', 'fetch', 'mock'] as const)('by the %s adapter', (adapter) => {
  const possible = rules.filter((rule) => rule.unless?.(environmentOf(adapter)) === undefined);

  it.each(possible)('$name', ({ check }) => check(new TestBed(environmentOf(adapter, server.url))));
});
