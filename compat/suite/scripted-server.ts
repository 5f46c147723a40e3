import type { Answer, Received, Server } from './environment.js';

/** A server of its own on the platform, a real one in another process or on another origin. */
export async function scriptedServer(
  platform: string,
  answers: readonly Answer[],
): Promise<Server> {
  const response = await fetch(`${platform}/scripts`, {
    method: 'POST',
    body: JSON.stringify(answers),
  });
  const id = await response.text();
  return {
    url: `${platform}/${id}`,
    async received() {
      const told = await fetch(`${platform}/scripts/${id}`);
      return JSON.parse(await told.text()) as Received[];
    },
  };
}
