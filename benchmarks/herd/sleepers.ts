import type { Caller, Client } from './simulation.js';
import type { VirtualTime } from './virtual-time.js';

/** No gate: everybody is sent at once, sleeps as long as Retry-After says, and is sent again. */
export class Sleepers implements Client {
  constructor(readonly time: VirtualTime) {}

  add(caller: Caller): void {
    caller.send(({ retryAfter }) => {
      if (retryAfter > 0 && caller.mayRetry()) this.time.after(retryAfter, () => this.add(caller));
    });
  }
}
