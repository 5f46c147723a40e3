// What one `deferral.drain()` has saved, and what it could not save.
import type { RetryTicket } from './ticket.js';

/** `drain` rejects with it when `save` has failed. Its `errors` are those of `save`. */
export interface DrainError extends AggregateError {
  /** The tickets that were not saved. Not enumerable, so that a logged error does not show them. */
  readonly tickets: readonly RetryTicket[];
}

export class Drain {
  readonly #tickets: RetryTicket[] = [];
  readonly #unsaved: RetryTicket[] = [];
  readonly #errors: unknown[] = [];

  /** A ticket and its save, which must settle before the {@link result}. */
  add(ticket: RetryTicket, saved: Promise<unknown>): void {
    this.#tickets.push(ticket);
    saved.catch((error: unknown) => {
      this.#unsaved.push(ticket);
      this.#errors.push(error);
    });
  }

  /** @throws {DrainError} When a ticket was not saved. */
  result(): RetryTicket[] {
    if (this.#unsaved.length === 0) return this.#tickets;
    const counts = `${this.#unsaved.length} of ${this.#tickets.length}`;
    const error = new AggregateError(
      this.#errors,
      `axios-status-retry: drain: ${counts} tickets could not be saved; see axios-status-retry/errors.md#save-failed`,
    );
    throw Object.defineProperty(error, 'tickets', { value: this.#unsaved });
  }
}
