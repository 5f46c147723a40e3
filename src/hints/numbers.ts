// Picks one number of those that a repeated header says.

type Values = readonly (number | undefined)[];

/** The largest value; `undefined` if one of them is malformed (`undefined`), or there is none. */
export function longest(values: Values): number | undefined {
  return pick(values, Math.max);
}

/** The smallest value; `undefined` if one of them is malformed (`undefined`), or there is none. */
export function lowest(values: Values): number | undefined {
  return pick(values, Math.min);
}

function pick(values: Values, choose: (a: number, b: number) => number): number | undefined {
  // Not by spreading: a hostile header may have more members than a call takes arguments.
  let picked: number | undefined;
  for (const value of values) {
    if (value === undefined) return undefined;
    picked = choose(picked ?? value, value);
  }
  return picked;
}
