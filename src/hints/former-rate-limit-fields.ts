// Reads the RateLimit fields of the drafts 6 and 7.
import type { ServerAnswer } from '../policy/hint.js';
import { fieldText } from './field.js';
import type { Quota } from './quota.js';
import { secondsToMs } from './quota-limits.js';
import type { Item } from './structured-field.js';
import { parseDictionary, parseList } from './structured-field.js';

/**
 * The quota of a `RateLimit` of draft 7 (`limit=100, remaining=50, reset=30`), else of the three fields
 * of draft 6; `undefined` without one. The window is that of the limit itself (`100;w=60`), or of a
 * policy with the same limit.
 */
export function readFormerFields(answer: ServerAnswer): Quota | undefined {
  const combined = readCombined(answer);
  const [limitItem, remainingItem, resetItem] =
    combined ?? PARTS.map((part) => onlyItem(answer, `ratelimit-${part}`));
  const [limit, remaining] = [integerOf(limitItem), integerOf(remainingItem)];
  if (limit === undefined && remaining === undefined) return undefined;
  const policies = limit === undefined ? [] : itemsOf(answer, 'ratelimit-policy');
  const policy = policies.find((item) => integerOf(item) === limit);
  return {
    name: 'default',
    remaining,
    reset: secondsToMs(integerOf(resetItem)),
    limit,
    window: limit === undefined ? undefined : (windowOf(limitItem) ?? windowOf(policy)),
  };
}

const PARTS = ['limit', 'remaining', 'reset'];

/** The parts of the field of draft 7; `undefined` if one of the three is missing or malformed. */
function readCombined(answer: ServerAnswer): (Item | undefined)[] | undefined {
  const members = parseDictionary(fieldText(answer, 'ratelimit') ?? '');
  const items = PARTS.map((part) => members?.get(part));
  return items.every((item) => integerOf(item) !== undefined) ? items : undefined;
}

function itemsOf(answer: ServerAnswer, name: string): Item[] {
  return parseList(fieldText(answer, name) ?? '') ?? [];
}

function onlyItem(answer: ServerAnswer, name: string): Item | undefined {
  const [item, another] = itemsOf(answer, name);
  return another ? undefined : item;
}

function integerOf(item: Item | undefined): number | undefined {
  const { type, value = -1 } = item?.bare ?? {};
  return type === 'integer' && (value as number) >= 0 ? (value as number) : undefined;
}

/** The parameter `w` in milliseconds. */
function windowOf(item: Item | undefined): number | undefined {
  const window = item?.params.get('w');
  return window?.type === 'integer' && window.value > 0 ? secondsToMs(window.value) : undefined;
}
