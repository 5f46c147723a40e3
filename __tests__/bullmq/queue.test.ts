import type { TicketQueue } from '../../src/bullmq/queue.js';
import { saveTo } from '../../src/bullmq/queue.js';
import { dueTicket, NOW } from '../support/tickets.js';

describe('saveTo', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  /** A queue that has one job of that id, in that state, and what is done to it. */
  function queueWith(state?: string) {
    const done: unknown[] = [];
    const job = {
      getState: () => Promise.resolve(String(state)),
      remove: async () => void done.push('remove'),
    };
    const queue: TicketQueue = {
      add: async (...args) => void done.push(args),
      getJob: () => Promise.resolve(state === undefined ? undefined : job),
    };
    return { queue, done };
  }

  it('adds a delayed job whose id is that of the ticket', async () => {
    const { queue, done } = queueWith();
    const ticket = dueTicket({ notBefore: NOW + 1000.4 });
    await saveTo(queue)(ticket);
    expect(done).toEqual([['retry', ticket, { jobId: 'one', delay: 1001 }]]);
  });

  it('adds one that is due already without a delay', async () => {
    const { queue, done } = queueWith();
    await saveTo(queue)(dueTicket({ notBefore: NOW - 1 }));
    expect(done).toEqual([['retry', expect.anything(), { jobId: 'one', delay: 0 }]]);
  });

  it('takes a name and options of jobs; the id and the delay stay its own', async () => {
    const { queue, done } = queueWith();
    const job = { removeOnComplete: true, jobId: 'other', delay: 7 };
    await saveTo(queue, { name: 'orders', job })(dueTicket());
    const options = { removeOnComplete: true, jobId: 'one', delay: 0 };
    expect(done).toEqual([['orders', expect.anything(), options]]);
  });

  it.each(['completed', 'failed'])('removes a %s job of that id before', async (state) => {
    const { queue, done } = queueWith(state);
    await saveTo(queue)(dueTicket());
    expect(done).toEqual(['remove', expect.any(Array)]);
  });

  it.each(['delayed', 'waiting', 'active'])('leaves a job of that id that is %s', async (state) => {
    const { queue, done } = queueWith(state);
    await saveTo(queue)(dueTicket());
    expect(done).toEqual([expect.any(Array)]);
  });

  it('fails with the error of the queue', async () => {
    const { queue } = queueWith();
    const away = new Error('Redis is away');
    const save = saveTo({ ...queue, add: () => Promise.reject(away) });
    await expect(save(dueTicket())).rejects.toBe(away);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['no queue', undefined, {}, /saveTo takes a Queue of BullMQ; got undefined/],
    ['what is no queue', { add() {} }, {}, /saveTo takes a Queue of BullMQ; got/],
    ['an unknown option', queueWith().queue, { jobs: {} }, /saveTo: unknown option "jobs"/],
  ])('refuses %s', (_what, queue, options, message) => {
    const save = saveTo as (queue: unknown, options: unknown) => unknown;
    expect(() => save(queue, options)).toThrow(TypeError);
    expect(() => save(queue, options)).toThrow(message);
  });
});
