import type { Hint, HintReader } from '../../src/hints/index.js';
import { anyOf, milliseconds, seconds } from '../../src/hints/index.js';
import { answerWith } from '../support/answer.js';

const says =
  (hint: unknown): HintReader =>
  () =>
    hint as Hint;

describe('anyOf', () => {
  const reader = anyOf(milliseconds('retry-after-ms'), seconds('retry-after', { decimals: true }));

  it('takes the first reader that says something', () => {
    expect(reader(answerWith({ 'Retry-After-Ms': '500', 'Retry-After': '1.5' }))).toEqual({
      delay: 500,
    });
    expect(reader(answerWith({ 'Retry-After': '1.5' }))).toEqual({ delay: 1500 });
    expect(reader(answerWith({ 'Retry-After-Ms': 'soon', 'Retry-After': '1.5' }))).toEqual({
      delay: 1500,
    });
    expect(reader(answerWith({}))).toBeUndefined();
  });

  it('passes over hints that are empty', () => {
    const empty = [undefined, null, {}, { delay: undefined }, { retry: null }].map(says);
    expect(anyOf(...empty, says({ delay: 0 }))(answerWith({}))).toEqual({ delay: 0 });
    expect(anyOf(...empty, says({ retry: false }))(answerWith({}))).toEqual({ retry: false });
    expect(anyOf(...empty)(answerWith({}))).toBeUndefined();
    expect(anyOf()(answerWith({}))).toBeUndefined();
  });

  it('asks no reader after that one', () => {
    const last = jest.fn(says({ delay: 1 }));
    anyOf(says({ delay: 2 }), last)(answerWith({}));
    expect(last).not.toHaveBeenCalled();
  });

  it.each([[1000], ['1000'], [Promise.resolve({ delay: 1 })]])(
    'passes on %p, which is no hint',
    (hint) => {
      expect(anyOf(says(hint), says({ delay: 1 }))(answerWith({}))).toBe(hint);
    },
  );

  it('throws a TypeError for a reader that is not a function', () => {
    const making = () => anyOf(says({}), 'retry-after-ms' as never);
    expect(making).toThrow(TypeError);
    expect(making).toThrow(
      'axios-status-retry: anyOf: readers[1] takes a function; got "retry-after-ms"',
    );
  });
});
