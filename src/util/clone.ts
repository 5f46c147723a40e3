export type PlainObject = Record<string, unknown>;

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** Whether there is more to a plain object or an array than a copy of its keys and values has. */
export function hasHiddenKeys(value: object): boolean {
  const hidden = Reflect.ownKeys(value).length - Object.keys(value).length;
  return hidden > Number(Array.isArray(value)) || Object.hasOwn(value, '__proto__');
}

/** What most arrays are, and what needs no looking out for circles. */
function isFlatArray(value: unknown): value is unknown[] {
  return Array.isArray(value) && !value.some(isObject);
}

/** What Axios's merge takes for no plain object: it passes these on as they are. */
function isExotic(value: object): boolean {
  return Symbol.toStringTag in value || Symbol.iterator in value;
}

/**
 * Copies arrays and plain objects all the way down; anything else stays itself.
 *
 * @param isMerged - It comes from Axios's merge, whose own objects are keys and values only. What
 *   stands in an array is the caller's.
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
