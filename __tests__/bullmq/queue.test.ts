import type { TicketQueue } from '../../src/bullmq/queue.js';
import { saveTo } from '../../src/bullmq/queue.js';
import { dueTicket, NOW } from '../support/tickets.js';

describe('saveTo', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  /** A queue that has a job in this state, if any, and the calls that it got. */
  function queueWith(state?: string) {
    const calls: unknown[] = [];
    const job = {
      getState: () => Promise.resolve(String(state)),
      remove: async () => void calls.push('remove'),
    };
    const queue: TicketQueue = {
      add: async (...args) => void calls.push(args),
      getJob: () => Promise.resolve(state === undefined ? undefined : job),
    };
    return { queue, calls };
  }

  it('adds a delayed job with the id of the ticket', async () => {
    const { queue, calls } = queueWith();
    const ticket = dueTicket({ notBefore: NOW + 1000.4 });
    await saveTo(queue)(ticket);
    expect(calls).toEqual([['retry', ticket, { jobId: 'one', delay: 1001 }]]);
  });

  it('adds a job without a delay if the ticket is due', async () => {
    const { queue, calls } = queueWith();
    await saveTo(queue)(dueTicket({ notBefore: NOW - 1 }));
    expect(calls).toEqual([['retry', expect.anything(), { jobId: 'one', delay: 0 }]]);
  });

  it('uses the name and the job options, but its own id and delay', async () => {
    const { queue, calls } = queueWith();
    const job = { removeOnComplete: true, jobId: 'other', delay: 7 };
    await saveTo(queue, { name: 'orders', job })(dueTicket());
    const options = { removeOnComplete: true, jobId: 'one', delay: 0 };
    expect(calls).toEqual([['orders', expect.anything(), options]]);
  });

  it.each(['completed', 'failed'])('first removes a %s job of the same id', async (state) => {
    const { queue, calls } = queueWith(state);
    await saveTo(queue)(dueTicket());
    expect(calls).toEqual(['remove', expect.any(Array)]);
  });

  it.each(['delayed', 'waiting', 'active'])(
    'does not remove a %s job of the same id',
    async (state) => {
      const { queue, calls } = queueWith(state);
      await saveTo(queue)(dueTicket());
      expect(calls).toEqual([expect.any(Array)]);
    },
  );

  it('rejects with the error of the queue', async () => {
    const { queue } = queueWith();
    const error = new Error('Redis is away');
    const save = saveTo({ ...queue, add: () => Promise.reject(error) });
    await expect(save(dueTicket())).rejects.toBe(error);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['undefined', undefined, {}, /saveTo takes a Queue of BullMQ; got undefined/],
    ['an object that is not a queue', { add() {} }, {}, /saveTo takes a Queue of BullMQ; got/],
    ['an unknown option', queueWith().queue, { jobs: {} }, /saveTo: unknown option "jobs"/],
  ])('refuses %s', (_what, queue, options, message) => {
    const save = saveTo as (queue: unknown, options: unknown) => unknown;
    expect(() => save(queue, options)).toThrow(TypeError);
    expect(() => save(queue, options)).toThrow(message);
  });
});
