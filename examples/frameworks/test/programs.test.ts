// Runs the programs, and checks that they print what their pages in docs/guides/frameworks say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

const services = `
/reports/7     200; sends: 3
/reports/busy  503, Retry-After: 60; sends: 1
/reports/slow  the caller hung up during the wait of 60 s, which ended; sends: 1
/reports/late  503, Retry-After: 60, because the service is stopping; sends: 1
`;

const OUTPUTS: Readonly<Record<string, string>> = {
  express: services,
  fastify: services,
  nest: `
/reports/7      200; sends: 3
/reports/down   failed: max-retries; sends: 3
/reports/twice  failed: max-retries, with retry(1) on top; sends: 6
/reports/slow   unsubscribed during the wait of 60 s: 0 waits left; sends: 1
/reports/late   failed: canceled, because the app closes; sends: 1
`,
  query: `
/naive  always 503, both retry: (1 + 3) × (1 + 5); sends: 24
/ruled  always 503, with the rule: 1 + 5; sends: 6
/bug    200, then an error in the app, with the rule: 1 + 3 by Query; sends: 4
/left   unmounted during a wait, with the signal: 0 waits left; sends: 1
/kept   unmounted during a wait, without the signal: 1 wait left; sends: 1
/again  invalidated during a wait, with cancelRefetch: false: the wait goes on; sends: 2
/again  invalidated during a wait: sent at once, despite Retry-After; sends: 3
`,
  cache: `
/cache-first  three at once: 200, 503, 503; sends: 3
/retry-first  three at once: never, never, never; sends: 1
/works        three at once: 200, 200, 200; sends: 3
/works        again: 200, cached: true, report: none; sends: 3
/failed       503, max-retries; sends: 3
/failed       again: 200, failures are not cached; sends: 4
/stale        200, stale: true, after all retries failed; sends: 4
/left         two at once: the first canceled, the other 200 at once; sends: 2
`,
  mock: `
waits for 30 s, by retry-after
sends after 29.999 s: 1
sends after 30 s: 2
200 after 3 sends, 94 s
POST: max-retries after 6 sends
their bodies: {"item":1}
networkErrors is off: Network Error, network
networkErrors is on: 200
mock.restore() during a wait: 200, still answered by the mock
`,
  // Every attempt is a span, with the number of its resend; every wait is an event. No credential is shown.
  telemetry: `
page of carol
  GET: http.request.method=GET url.full=http://upstream/carol http.response.status_code=404 error.type=404
page of bob
  http.retry.wait: status=503 delay_ms=50 basis=backoff retry=1
  GET: http.request.method=GET url.full=http://upstream/bob http.response.status_code=503 error.type=503
  GET: http.request.method=GET url.full=http://upstream/bob http.request.resend_count=1 http.response.status_code=200
page of alice
  http.retry.wait: status=503 delay_ms=50 basis=backoff retry=1
  http.retry.wait: status=429 delay_ms=1000 basis=retry-after retry=2
  GET: http.request.method=GET url.full=http://upstream/alice http.response.status_code=503 error.type=503
  GET: http.request.method=GET url.full=http://upstream/alice http.request.resend_count=1 http.response.status_code=429 error.type=429
  GET: http.request.method=GET url.full=http://upstream/alice http.request.resend_count=2 http.response.status_code=200
`,
};

describe('npm run', () => {
  for (const [name, output] of Object.entries(OUTPUTS)) {
    it(`${name} prints what its page says`, async () => {
      // One process, so that nothing can outlive it.
      const command = ['--import', 'tsx', `${name}.ts`];
      const options = { cwd: FOLDER, timeout: 60_000, killSignal: 'SIGKILL' } as const;
      const { stdout } = await promisify(execFile)(process.execPath, command, options);
      // The address of the upstream is another one in each run.
      assert.equal(stdout.replace(/ server\.(address|port)=\S+/g, ''), output.trimStart());
    });
  }
});
