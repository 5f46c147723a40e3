// The bodies of calls.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CallPlan, Transport } from './plan.js';

function text({ id }: CallPlan): string {
  return JSON.stringify({ id, text: 'text '.repeat(1 + (id % 200)) });
}

/** A new body; a stream can be read once. */
export function bodyOf(plan: CallPlan, transport: Transport): unknown {
  const bytes = Buffer.from(text(plan));
  switch (plan.body) {
    case 'none':
      return undefined;
    case 'json':
      return JSON.parse(bytes.toString()) as unknown;
    case 'buffer':
      return bytes;
    case 'form': {
      const form = new FormData();
      form.append('id', String(plan.id));
      form.append('file', new Blob([bytes]), 'file.json');
      return form;
    }
    case 'stream':
      return transport === 'fetch' ? new Blob([bytes]).stream() : Readable.from([bytes]);
  }
}

/** Length and hash as the server sees them; `undefined` for a form, whose layout is the adapter's. */
export function digestOf(plan: CallPlan): string | undefined {
  if (plan.body === 'form') return undefined;
  const bytes = plan.body === 'none' ? '' : text(plan);
  return `${Buffer.byteLength(bytes)}:${createHash('sha1').update(bytes).digest('hex')}`;
}
