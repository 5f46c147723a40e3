// Reads the numbers of a request's query, and answers 400 when one is wrong.

export async function orBadRequest(reply: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await reply();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Response(`${error.message}\n`, { status: 400 });
  }
}

export function numberIn(query: URLSearchParams, name: string, from: number, to: number): number {
  const text = query.get(name);
  const value = Number(text || Number.NaN);
  if (value >= from && value <= to) return Math.floor(value);
  throw new RangeError(`${name} must be a number from ${from} to ${to}; got ${text}`);
}
