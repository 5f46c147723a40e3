export type Plain = Record<string, unknown>;

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** Whether there is more to a plain object or an array than a copy of its keys and values has. */
export function hasMore(value: object): boolean {
  const hidden = Reflect.ownKeys(value).length - Object.keys(value).length;
  return hidden > Number(Array.isArray(value)) || Object.hasOwn(value, '__proto__');
}

/**
 * Copies arrays and plain objects all the way down; anything else stays itself.
 *
 * @param isMerged - Axios's merge has made it, of keys and values only. What stands in an array is the
 *   caller's own.
 */
export function copy(value: object, isMerged = true, seen?: Map<object, object>): object {
  const isArray = Array.isArray(value);
  // What Axios puts into every config: short arrays of functions and strings.
  if (isArray && !value.some(isObject)) return value.slice();
  if (!isPlain(value) || ((isArray || !isMerged) && hasMore(value))) return value;
  const target = (isArray ? value.slice() : { ...value }) as Plain;
  let met = seen?.set(value, target);
  for (const name of Object.keys(target)) {
    const inner = target[name];
    if (isObject(inner)) {
      met ??= new Map<object, object>([[value, target]]);
      target[name] = met.get(inner) ?? copy(inner, isMerged && !isArray, met);
    }
  }
  return target;
}
