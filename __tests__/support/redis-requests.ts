import type { FleetRequest, RateRequest } from '../../src/redis/script.js';

/** Reports nothing of the rate, and asks for nothing. The key is known as open. */
export const noRate: RateRequest = {
  epoch: -1,
  successes: 0,
  initialSuccesses: 0,
  ignored: false,
  throttle: undefined,
  wanted: 0,
  rate: 10,
  closedFor: -1,
};

/** A process without requests, over a Redis that answers at once. */
export const noFleet: FleetRequest = {
  lead: 0,
  listening: false,
  demand: 0,
  sending: 0,
  size: 0,
  grown: 0,
  initialConcurrency: 32,
  inFlight: 0,
  cost: 1,
  reserve: 0,
  quotas: [],
  channel: '',
  process: 'a',
};
