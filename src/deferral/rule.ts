// How the rules of a ticket are written as data, and the check of a value against a rule.
import type { Json, JsonObject } from './json.js';
import { isJsonObject } from './json.js';

/** What a value may be, in keywords of JSON Schema (draft-07). Without any keyword: all of JSON. */
export interface Rule {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly const?: string | number;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Rule;
  readonly maxItems?: number;
  readonly anyOf?: readonly Rule[];
  readonly maxProperties?: number;
  /** An object must have these properties and no others. */
  readonly properties?: Readonly<Record<string, Rule>>;
  /** Properties that may be absent. JSON Schema lists the others, as `required`. */
  readonly optional?: readonly string[];
  /** For error messages. JSON Schema has no such keyword. */
  readonly accepted?: string;
}

/** Whether a value is what a rule allows. */
export function follows(rule: Rule, value: Json): boolean {
  const { type, minimum = -Infinity, maximum = Infinity, items = {} } = rule;
  const { maxItems = Infinity, maxProperties = Infinity } = rule;
  if (rule.anyOf) return rule.anyOf.some((one) => follows(one, value));
  if (rule.const !== undefined) return value === rule.const;
  if (type === undefined) return true;
  if (Array.isArray(value)) {
    return (
      type === 'array' && value.length <= maxItems && value.every((item) => follows(items, item))
    );
  }
  if (isJsonObject(value)) {
    const isTooLarge = Object.keys(value).length > maxProperties;
    return type === 'object' && !isTooLarge && wrongProperty(rule, value) === undefined;
  }
  if (typeof value === 'string') return type === 'string' && (rule.pattern?.test(value) ?? true);
  if (typeof value === 'number') {
    const isRightType = type === 'number' || (type === 'integer' && Number.isInteger(value));
    return isRightType && value >= minimum && value <= maximum;
  }
  return type === 'boolean' && value !== null;
}

/** The first property that is unknown, missing or not what its rule allows. */
export function wrongProperty(
  { properties, optional = [] }: Rule,
  object: JsonObject,
): string | undefined {
  if (!properties) return undefined;
  return Object.keys({ ...object, ...properties }).find((name) => {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const value = object[name];
    if (!rule) return true;
    return value === undefined ? !optional.includes(name) : !follows(rule, value);
  });
}
