// A process of its own: wants all its requests at once, through one contestant.
import { Agent } from 'node:http';
import axios from 'axios';
import { childPort } from './child-port.js';
import type { ClientJob, ClientReady, ClientReport } from './messages.js';
import type { PeerName } from './peer-names.js';
import { peers } from './peers.js';

const parent = childPort<ClientJob, ClientReady | ClientReport>();
const { contestant, url, requests, redisPort = 0 } = await parent.job;

const api = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }), proxy: false });
await peers[contestant as PeerName](api, redisPort);

const latencies: number[] = [];
const failures: Record<string, number> = {};
let lastAt = 0;

async function send(path: string): Promise<void> {
  const begun = performance.now();
  try {
    await api.get(path);
    lastAt = performance.now();
    latencies.push(lastAt - begun);
  } catch (error) {
    const { response, code } = error as { response?: { status: number }; code?: string };
    const kind = String(response?.status ?? code ?? error);
    failures[kind] = (failures[kind] ?? 0) + 1;
  }
}

parent.on('go', async () => {
  const begun = performance.now();
  await Promise.all(Array.from({ length: requests }, (_, i) => send(`/items/${i}`)));
  parent.send({ kind: 'done', latencies, failures, took: lastAt - begun });
});
parent.send({ kind: 'ready' });
