// Runs in a process whose clock is set, or which is stopped: requests that wait, in each way there is.
import axios from 'axios';
import { createDeferral } from '../../src/deferral/index.js';
import type { Gate } from '../../src/gate/index.js';
import { createGate } from '../../src/gate/index.js';
import { attachRetry } from '../../src/index.js';

const [baseURL = '', wait = ''] = process.argv.slice(2);
const waitMs = Number(wait) * 1000;

/** Tells the parent, which has a clock of its own. */
const tell = (word: string): void => void process.stdout.write(`${word}\n`);
const ended = (name: string) => (): void => tell(name);

function instance(options = {}) {
  const api = axios.create({ baseURL, timeout: 60_000 });
  attachRetry(api, options);
  return api;
}

/** Resolves when a gate has closed. */
async function closed(gate: Gate): Promise<void> {
  while (!gate.inspect().some(({ state }) => state === 'closed')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function main(): Promise<void> {
  // What is loaded only for the first request is loaded.
  await instance().get('/ready');
  // Before anybody sets the clock: a ticket has the time itself.
  const notBefore = Date.now() + waitMs;
  tell('ready');
  const deferral = createDeferral({ save: () => undefined });
  const gate = createGate();
  const gated = instance({ gate });
  instance({ deferral });
  const first = gated.get('/gate');
  const requests = [
    instance().get('/wait').finally(ended('wait')),
    instance().get('/date').finally(ended('date')),
    instance().get('/slow').finally(ended('slow')),
    first.finally(ended('gate')),
    closed(gate).then(() => gated.get('/behind')),
    instance({ totalTimeout: waitMs }).get('/never').catch(ended('timeout')),
    deferral.resume({
      version: 1,
      id: 'one',
      method: 'GET',
      url: `${baseURL}/resume`,
      headers: {},
      sent: false,
      retries: 0,
      notBefore,
      attempts: [],
    }),
  ];
  await Promise.all(requests);
  tell('end');
}

void main().catch((error: unknown) => {
  tell(`failed ${String(error)}`);
  process.exitCode = 1;
});
