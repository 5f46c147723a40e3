// A server for one rule, on the scripted server of another process or another origin.
import type { Received, Reply } from '../../__tests__/support/scripted-server.js';
import type { Server } from './environment.js';

export async function remoteServer(origin: string, replies: readonly Reply[]): Promise<Server> {
  const response = await fetch(`${origin}/scripts`, {
    method: 'POST',
    body: JSON.stringify(replies),
  });
  const base = `/${await response.text()}`;
  return {
    url: origin + base,
    async received() {
      const answer = await fetch(`${origin}/scripts${base}`);
      // Not `answer.json()`: in jest that makes arrays of another realm, which are not deeply equal.
      const requests = JSON.parse(await answer.text()) as Received[];
      return requests.map((request) => ({ ...request, url: request.url.slice(base.length) }));
    },
  };
}
