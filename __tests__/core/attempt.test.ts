import type { Attempt } from '../../src/core/attempt.js';
import { addAttempt, toAttempt } from '../../src/core/attempt.js';

describe('an attempt', () => {
  it('records when it was sent, and its status or code', () => {
    expect(toAttempt(5)).toStrictEqual({ sentAt: 5 });
    expect(toAttempt(5, 503)).toStrictEqual({ sentAt: 5, status: 503 });
    expect(toAttempt(5, undefined, 'ECONNRESET')).toStrictEqual({ sentAt: 5, code: 'ECONNRESET' });
    expect(toAttempt(5, 200, 'ERR_BAD_RESPONSE')).toStrictEqual({
      sentAt: 5,
      status: 200,
      code: 'ERR_BAD_RESPONSE',
    });
  });

  it('records a status of three digits only', () => {
    const statuses = [99, 100, 999, 1000].map((status) => toAttempt(5, status).status);
    expect(statuses).toEqual([undefined, 100, 999, undefined]);
  });

  it.each([
    '',
    'a secret: hunter2',
    'https://me:hunter2@example.com',
    'X'.repeat(65),
    'ECONNRESET\n',
    'É',
  ])('leaves out a code that is not safe to log: %j', (code) => {
    expect(toAttempt(5, undefined, code)).toStrictEqual({ sentAt: 5 });
  });

  it.each(['X'.repeat(64), 'ERR_1', 'http.timeout', 'half-open'])('records the code %s', (code) => {
    expect(toAttempt(5, undefined, code).code).toBe(code);
  });
});

describe('the attempts of a call', () => {
  function add(count: number): Attempt[] {
    const attempts: Attempt[] = [];
    for (let sentAt = 1; sentAt <= count; sentAt += 1) addAttempt(attempts, toAttempt(sentAt));
    return attempts;
  }

  it('are all kept up to 100, oldest first', () => {
    const sentAt = add(100).map((attempt) => attempt.sentAt);
    expect(sentAt).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('are limited to the first and the last 99 of more than 100', () => {
    const sentAt = add(250).map((attempt) => attempt.sentAt);
    expect(sentAt).toEqual([1, ...Array.from({ length: 99 }, (_, i) => i + 152)]);
  });
});
