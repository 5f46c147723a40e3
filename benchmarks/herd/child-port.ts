import type { Order } from './messages.js';

interface ChildPort<Job, Message> {
  /** The first message. */
  readonly job: Promise<Job>;
  send(message: Message): void;
  on(order: Order, run: () => void): void;
}

/** A child's way to its parent. It ends when its parent does. */
export function childPort<Job, Message>(): ChildPort<Job, Message> {
  process.once('disconnect', () => process.exit());
  return {
    job: new Promise((resolve) => process.once('message', (job) => resolve(job as Job))),
    send: (message) => process.send?.(message),
    on(order, run) {
      process.on('message', (message) => {
        if (message === order) run();
      });
    },
  };
}
