import type { Desk } from '../../server/orders.js';

export type { Desk };

/** What the shop is to do with what it is sent. Empty: as it is. */
export type Mood = Readonly<Record<'refusals' | 'status' | 'retryAfter' | 'pause', string>>;

/** How the shop stands; after a change, if one is given. */
export async function desk(mood?: Mood): Promise<Desk> {
  const query = mood ? `?${new URLSearchParams(mood)}` : '';
  const response = await fetch(`/shop/desk${query}`, { method: mood ? 'PUT' : 'GET' });
  if (!response.ok) throw new Error(`the shop answers ${response.status}`);
  return response.json();
}

/** `Refuses the next 2 sends with 503, Retry-After: 5.` */
export function deskInWords({ refusals, status, retryAfter, pause, orders, sends }: Desk): string {
  const header = retryAfter === undefined ? '' : `, Retry-After: ${retryAfter}`;
  const which = refusals === 1 ? 'the next send' : `the next ${refusals} sends`;
  const does = refusals > 0 ? `Refuses ${which} with ${status}${header}` : 'Takes what it is sent';
  const slowly = pause > 0 ? `, after ${pause} s` : '';
  return `${does}${slowly}. It has ${count(orders, 'order')}, from ${count(sends, 'send')}.`;
}

const count = (n: number, what: string): string => `${n || 'no'} ${what}${n === 1 ? '' : 's'}`;
