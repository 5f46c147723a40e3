// The shop behind the outbox: it takes orders, and recognises a resent one by its Idempotency-Key.
import { numberIn, orBadRequest } from './query.js';

interface Settings {
  /** How many of the next sends are refused, and how. */
  readonly refusals: number;
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Seconds before it answers. */
  readonly pause: number;
}

/** The settings, and the number of orders and sends so far. */
export interface Desk extends Settings {
  readonly orders: number;
  readonly sends: number;
}

export interface Send {
  readonly key: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: number;
}

/** All that the shop remembers, as plain JSON. */
export interface ShopState {
  readonly settings: Settings;
  /** The keys of the orders; the first one is order 1. */
  readonly orders: readonly string[];
  readonly sends: number;
  readonly log: readonly Send[];
}

/** Where the state is kept. Changes run one after the other; the result is the state after the change. */
export type ChangeShop = (change: (state: ShopState) => ShopState) => Promise<ShopState>;

export const initialShop: ShopState = {
  settings: { refusals: 0, status: 503, pause: 0 },
  orders: [],
  sends: 0,
  log: [],
};

/** The oldest sends are forgotten first. */
const MAX_LOGGED = 1000;

/**
 * `POST /orders` needs a token and an `Idempotency-Key`. `PUT /desk?refusals=&status=&retryAfter=&pause=` changes
 * the settings, `GET /desk` returns them, `GET /log` returns the sends.
 */
export function createShop(change: ChangeShop): (request: Request) => Promise<Response> {
  async function take({ headers }: Request): Promise<Response> {
    const key = headers.get('Idempotency-Key') ?? '';
    const token = headers.get('Authorization') ?? '';
    const { settings, orders, log } = await change((state) => taken(state, key, token));
    const status = log.at(-1)?.status ?? 500;
    const { pause, retryAfter } = settings;
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    const isRefused = status !== 200 && retryAfter !== undefined;
    const extra = isRefused ? { 'Retry-After': `${retryAfter}` } : {};
    return json({ number: orders.indexOf(key) + 1 || undefined }, status, extra);
  }

  return (request) =>
    orBadRequest(async () => {
      if (request.method === 'POST') return take(request);
      const { pathname, searchParams } = new URL(request.url);
      const changed = request.method === 'PUT' && { settings: settingsIn(searchParams) };
      const { settings, orders, sends, log } = await change((state) => ({ ...state, ...changed }));
      return json(pathname.endsWith('/log') ? log : { ...settings, orders: orders.length, sends });
    });
}

/** The state after one more send, which is the last of the log. */
function taken(state: ShopState, key: string, token: string): ShopState {
  const { settings, orders, sends, log } = state;
  function answered(status: number, changed: Partial<ShopState> = {}): ShopState {
    const send = { key, token, at: Date.now(), status };
    return { ...state, ...changed, sends: sends + 1, log: [...log, send].slice(-MAX_LOGGED) };
  }
  if (token === '') return answered(401);
  if (key === '') return answered(400);
  if (settings.refusals > 0) {
    return answered(settings.status, {
      settings: { ...settings, refusals: settings.refusals - 1 },
    });
  }
  return answered(200, { orders: orders.includes(key) ? orders : [...orders, key] });
}

function settingsIn(query: URLSearchParams): Settings {
  return {
    refusals: numberIn(query, 'refusals', 0, 99),
    status: numberIn(query, 'status', 400, 599),
    ...(query.get('retryAfter') && { retryAfter: numberIn(query, 'retryAfter', 0, 1e6) }),
    pause: numberIn(query, 'pause', 0, 60),
  };
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
}
