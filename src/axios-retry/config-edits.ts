// What a hook has changed in the config of a failed attempt, so that the next attempt gets it too.
import type { InternalAxiosRequestConfig } from 'axios';
import { CONFIG_KEY } from '../request/state.js';
import type { PlainObject } from '../util/clone.js';
import { cloneData, isObject, isPlain } from '../util/clone.js';
import { headerOf } from '../util/headers.js';
import { namespace } from './options.js';

type Config = InternalAxiosRequestConfig;

/** A config before the hooks, for a comparison. */
export type OriginalConfig = PlainObject & { readonly headers: PlainObject };

/** The changed keys and headers with their values; `undefined` for a deleted one. */
export interface ConfigEdits {
  readonly values: PlainObject;
  readonly headers: PlainObject;
}

/** The plugin keeps these two itself. */
const OWN_KEYS: readonly string[] = [namespace, CONFIG_KEY];

export function copyOf(config: Config): OriginalConfig {
  return cloneData({ ...config, headers: { ...config.headers } }) as OriginalConfig;
}

/** What differs between a config and its copy, after earlier edits. */
export function editsIn(
  config: Config,
  original: OriginalConfig,
  earlier?: ConfigEdits,
): ConfigEdits {
  const { headers: now, ...rest } = config;
  const { headers: before, ...originals } = original;
  const values = changes(originals, rest);
  // The body is in the form in which it was sent, and so is a new one: `JSON.stringify(…)`, say.
  const type = Object.hasOwn(values, 'data') ? headerOf(now, 'content-type') : undefined;
  return {
    values: { ...earlier?.values, ...values },
    headers: {
      ...earlier?.headers,
      ...(type !== undefined && { 'Content-Type': type }),
      ...changes(before, { ...now }),
    },
  };
}

export function applyEdits(config: Config, { values, headers }: ConfigEdits): void {
  Object.assign(config, cloneData(values));
  const { data } = values;
  const isInSentForm = Object.hasOwn(values, 'data') && !(isObject(data) && isPlain(data));
  if (isInSentForm && !Object.hasOwn(values, 'transformRequest')) {
    config.transformRequest = [(sent: unknown) => sent];
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) config.headers.delete(name);
    else config.headers.set(name, value as string);
  }
}

function changes(before: PlainObject, after: PlainObject): PlainObject {
  const names = Object.keys({ ...before, ...after });
  const changed = names.filter(
    (name) => !OWN_KEYS.includes(name) && !isSame(before[name], after[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}

/** Whether two values are the same; of plain objects and arrays, whether their contents are. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other) || !isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => isSame((one as PlainObject)[name], (other as PlainObject)[name]))
  );
}
