// Reads one header field of an answer.
import type { ServerAnswer } from '../policy/hint.js';
import { headerOf, TOKEN } from '../util/headers.js';
import type { OptionRule } from '../util/validate.js';
import { checkValue } from '../util/validate.js';

const FIELD_NAME: OptionRule = [
  'the name of a header field',
  (value) => typeof value === 'string',
  (value: string) => TOKEN.test(value),
];

/**
 * The name of a header in lower case.
 *
 * @param where - Where it was given, for the message.
 * @throws {TypeError} When it is not a string.
 * @throws {RangeError} When it is not a field name (RFC 9110 §5.1).
 */
export function toFieldName(where: string, name: unknown): string {
  checkValue(where, name, FIELD_NAME);
  return (name as string).toLowerCase();
}

/**
 * A header's value as text; the lines of a repeated header are one list (RFC 9110 §5.3). A number counts
 * as its decimal text.
 *
 * @param name - In lower case.
 * @returns Empty text for any value that is not text; `undefined` without the header.
 */
export function fieldText({ headers }: ServerAnswer, name: string): string | undefined {
  const value = headerOf(headers, name);
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.map(toText).join() : toText(value);
}

function toText(line: unknown): string {
  // As a BigInt, because a large number has no decimal text.
  if (Number.isInteger(line)) return String(BigInt(line as number));
  return typeof line === 'number' || typeof line === 'string' ? String(line) : '';
}

/** The members of a header's list, without spaces and tabs around them; none without the header. */
export function fieldMembers(answer: ServerAnswer, name: string): string[] {
  const text = fieldText(answer, name);
  return text === undefined ? [] : text.split(',').map(trim);
}

/** Removes spaces and tabs only (RFC 9110 §5.6.3), and scans each of them once. */
function trim(text: string): string {
  const isSpace = (at: number): boolean => text[at] === ' ' || text[at] === '\t';
  let [start, end] = [0, text.length];
  while (isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}
