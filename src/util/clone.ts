// Copies plain data: what a caller or an interceptor could change later.

export type PlainObject = Record<string, unknown>;

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** Whether a shallow copy would lose something: symbols, accessors, non-enumerable keys. */
export function hasHiddenKeys(value: object): boolean {
  const hidden = Reflect.ownKeys(value).length - Object.keys(value).length;
  return hidden > Number(Array.isArray(value)) || Object.hasOwn(value, '__proto__');
}

/** Fast path: an array of primitives cannot contain a cycle. */
function isFlatArray(value: unknown): value is unknown[] {
  return Array.isArray(value) && !value.some(isObject);
}

/** Whether Axios's config merge does not take an object for a plain one: it passes these on as they are. */
function isExotic(value: object): boolean {
  return Symbol.toStringTag in value || Symbol.iterator in value;
}

/**
 * Copies arrays and plain objects deeply; anything else stays the same object.
 *
 * @param isMerged - The value comes out of Axios's merge, whose objects have only keys and values.
 *   Arrays still contain the caller's own objects.
 */
export function cloneData(value: object, isMerged = true, seen?: Map<object, object>): object {
  if (isFlatArray(value)) return value.slice();
  const isArray = Array.isArray(value);
  const isMade = isMerged && !isArray;
  if (!isPlain(value) || (isMade ? isExotic(value) : hasHiddenKeys(value))) return value;
  const target = (isArray ? Object.assign(value.slice(), value) : { ...value }) as PlainObject;
  let met = seen?.set(value, target);
  for (const name of Object.keys(target)) {
    const inner = target[name];
    if (isFlatArray(inner)) target[name] = inner.slice();
    else if (isObject(inner)) {
      met ??= new Map<object, object>([[value, target]]);
      target[name] = met.get(inner) ?? cloneData(inner, isMade, met);
    }
  }
  return target;
}
