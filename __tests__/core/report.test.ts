import { retryCount, retryReport } from '../../src/core/report.js';
import { CONFIG_KEY } from '../../src/request/state.js';

const report = { attempts: [{ sentAt: 1, status: 503 }], gaveUp: 'max-retries' };

/** The state of another copy of the package: an instance of a class that this copy does not know. */
class ForeignCall {
  retries = 2;
  toJSON() {
    return report;
  }
}

const config = () => ({ url: '/', [CONFIG_KEY]: new ForeignCall() });

const GARBAGE: [words: string, value: unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['a string', 'config'],
  ['a symbol', Symbol('config')],
  ['an empty object', {}],
  ['an array', []],
  ['a function', () => undefined],
];

const NO_STATES: [words: string, value: unknown][] = [
  ...GARBAGE,
  ['only a count, as after structuredClone', { retries: 1 }],
  ['only a report', { toJSON: () => report }],
  ['a state that was serialized to JSON', JSON.parse(JSON.stringify(new ForeignCall()))],
  ['an object with the same keys of other types', { retries: 'two', toJSON: 'report' }],
];

describe('retryCount', () => {
  it('reads the count from a config, even if another copy of the package set it', () => {
    expect(retryCount(config())).toBe(2);
    expect(retryCount({ [CONFIG_KEY]: Object.assign(new ForeignCall(), { retries: 0 }) })).toBe(0);
  });

  it.each(GARBAGE)('is 0 for %s', (_words, value) => {
    expect(retryCount(value)).toBe(0);
  });

  it.each(NO_STATES)('is 0 for a config that carries %s', (_words, value) => {
    expect(retryCount({ [CONFIG_KEY]: value })).toBe(0);
  });
});

describe('retryReport', () => {
  it.each([
    ['a response', { status: 200, config: config() }],
    ['an error', Object.assign(new Error(), { config: config() })],
  ])('reads the report from %s, even if another copy of the package set it', (_words, outcome) => {
    expect(retryReport(outcome)).toBe(report);
  });

  it('reads the report from the cause of an error that a hook threw', () => {
    const cause = Object.assign(new Error('HTTP'), { config: config() });
    expect(retryReport(new Error('mine', { cause }))).toBe(report);
    const own = Object.assign(new Error('mine', { cause }), { config: { url: '/' } });
    expect(retryReport(own)).toBe(report);
  });

  it('prefers the report of the error to that of its cause', () => {
    const other = { config: { [CONFIG_KEY]: { retries: 0, toJSON: () => ({ attempts: [] }) } } };
    const error = Object.assign(new Error('mine', { cause: other }), { config: config() });
    expect(retryReport(error)).toBe(report);
  });

  it.each(GARBAGE)('is undefined for %s', (_words, value) => {
    expect(retryReport(value)).toBeUndefined();
    expect(retryReport({ config: value })).toBeUndefined();
    expect(retryReport({ cause: value })).toBeUndefined();
    expect(retryReport({ cause: { config: value } })).toBeUndefined();
  });

  it.each(NO_STATES)('is undefined if the config carries %s', (_words, value) => {
    expect(retryReport({ config: { [CONFIG_KEY]: value } })).toBeUndefined();
  });

  it('does not follow a circular cause', () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(retryReport(error)).toBeUndefined();
  });
});
