import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { isRetryDeferred, RetryDeferredError } from '../../src/deferral/error.js';
import { parseTicket } from '../../src/deferral/parse-ticket.js';

const text = readFileSync(join(__dirname, '../fixtures/retry-ticket.v1.json'), 'utf8');
const ticket = parseTicket(JSON.parse(text));

describe('a RetryDeferredError', () => {
  it('says which ticket the request has become and when it may be sent', () => {
    expect(new RetryDeferredError(ticket, {}).message).toBe(
      `axios-status-retry: deferred as ticket ${ticket.id}, to be sent from 2030-01-01T01:18:00.000Z on; see axios-status-retry/errors.md#err-retry-deferred`,
    );
  });

  it('holds the ticket and the config, but does not show them when it is logged', () => {
    const config = { headers: { Authorization: 'secret' } };
    const error = new RetryDeferredError(ticket, config);
    expect(error.ticket).toBe(ticket);
    expect(error.config).toBe(config);
    expect(inspect(error) + JSON.stringify(error)).not.toMatch(/secret|tea/);
  });

  it('is recognized across copies of the package', () => {
    const brand = Symbol.for('axios-status-retry.deferred-error');
    expect([new RetryDeferredError(ticket, {}), { [brand]: true }].every(isRetryDeferred)).toBe(
      true,
    );
    expect([new Error(), null, undefined, 'x'].some(isRetryDeferred)).toBe(false);
  });
});
