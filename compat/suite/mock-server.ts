// The suite's server behind axios-mock-adapter: nothing is sent.
import type { Received, Reply } from '../../__tests__/support/scripted-server.js';
import type { MockedConfig, Server } from './environment.js';

/** An error like a real adapter's, with a code and no response. */
function networkError(code: string): Error {
  return Object.assign(new Error('Network Error'), { code, isAxiosError: true });
}

function bodyOf(data: unknown): string {
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data))
    return new TextDecoder().decode(data);
  return data === undefined ? '' : String(data);
}

function urlOf({ url = '', params }: MockedConfig): string {
  if (params === undefined) return url;
  return `${url}?${new URLSearchParams(params as Record<string, string>).toString()}`;
}

export function mockServer(
  replies: readonly Reply[],
): Server & { reply(config: MockedConfig): [number, unknown, object] } {
  const received: Received[] = [];
  return {
    url: 'http://mock.test',
    received: () => Promise.resolve(received),
    reply(config) {
      const { headers = {}, data, method = 'get' } = config;
      const reply = replies[Math.min(received.length, replies.length - 1)] ?? 200;
      const plain = 'toJSON' in headers ? (headers as { toJSON(): object }).toJSON() : headers;
      received.push({
        method: method.toUpperCase(),
        url: urlOf(config),
        headers: Object.fromEntries(
          Object.entries(plain as object).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: bodyOf(data),
        left: false,
      });
      if (typeof reply === 'number') return [reply, '', {}];
      if (reply.fault) throw Object.assign(networkError('ERR_NETWORK'), { config });
      return [reply.status ?? 200, reply.body ?? '', reply.headers ?? {}];
    },
  };
}
