import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from './run.js';

const lines = await linesOf('telemetry');

/** What stands under a page of the output, up to the next one. */
function under(user: string): { waits: string[]; attempts: string[] } {
  const from = lines.indexOf(`page of ${user}`) + 1;
  const rest = lines.slice(from);
  const end = rest.findIndex((line) => !line.startsWith('  '));
  const own = end < 0 ? rest : rest.slice(0, end);
  return {
    waits: own.filter((line) => line.startsWith('  http.retry.wait')),
    attempts: own.filter((line) => line.startsWith('  GET')),
  };
}
const values = (attempts: string[], name: string): (string | undefined)[] =>
  attempts.map((line) => new RegExp(`${name}=(\\S+)`).exec(line)?.[1]);

describe('OpenTelemetry', () => {
  it('has a client span for each attempt, under the span the call began in', () => {
    const statuses = (user: string) => values(under(user).attempts, 'http.response.status_code');
    assert.deepEqual(statuses('alice'), ['503', '429', '200']);
    assert.deepEqual(statuses('bob'), ['503', '200']);
    assert.deepEqual(statuses('carol'), ['404']);
    for (const user of ['alice', 'bob', 'carol']) {
      const urls = new Set(values(under(user).attempts, 'url.full'));
      assert.deepEqual([...urls], [`http://upstream/${user}`]);
    }
  });

  it('counts resends, and has no count on a first send', () => {
    const counts = (user: string) => values(under(user).attempts, 'http.request.resend_count');
    assert.deepEqual(counts('alice'), [undefined, '1', '2']);
    assert.deepEqual(counts('bob'), [undefined, '1']);
    assert.deepEqual(counts('carol'), [undefined]);
  });

  it('has an event for each wait', () => {
    assert.deepEqual(under('alice').waits, [
      '  http.retry.wait: status=503 delay_ms=50 basis=backoff retry=1',
      '  http.retry.wait: status=429 delay_ms=1000 basis=retry-after retry=2',
    ]);
    assert.equal(under('bob').waits.length, 1);
    assert.equal(under('carol').waits.length, 0);
  });

  it('names the error of an attempt that failed, and none of one that did not', () => {
    assert.deepEqual(values(under('alice').attempts, 'error.type'), ['503', '429', undefined]);
  });

  it('is told no credential and no query', () => {
    assert.doesNotMatch(lines.join('\n'), /secret|token|\?/i);
  });
});
