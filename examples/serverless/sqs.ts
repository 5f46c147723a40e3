// The parts of Amazon SQS that matter to a relay, on any clock: a message is delayed by whole seconds, at most
// 900, is delivered at least once, and stays on the queue while its function throws.
import type { Clock } from '../../src/index.js';

export interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** The time after which a delivered message is delivered again, unless it was deleted. */
const VISIBILITY_TIMEOUT_MS = 900_000;

export class Sqs {
  /** The function that is called with each message. */
  handler: (event: SqsEvent) => Promise<unknown> = async () => {};
  /** The delay of each message, in seconds. */
  readonly delays: number[] = [];
  #sent = 0;

  constructor(
    readonly clock: Clock,
    /** The number of a message that is refused, from 1. */
    readonly refused: number,
    /** Whether a message is delivered twice. */
    readonly isDuplicated: (body: string) => boolean,
  ) {}

  async sendMessage(message: { DelaySeconds: number; MessageBody: string }): Promise<void> {
    const { DelaySeconds, MessageBody } = message;
    if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > 900) {
      throw new RangeError(`DelaySeconds must be an integer from 0 to 900; got ${DelaySeconds}`);
    }
    this.#sent += 1;
    if (this.#sent === this.refused) throw new Error('the queue refused the message');
    this.delays.push(DelaySeconds);
    const event = { Records: [{ messageId: `${this.#sent}`, body: MessageBody }] };
    this.clock.setTimeout(() => void this.#deliver(event, MessageBody), DelaySeconds * 1000);
  }

  async #deliver(event: SqsEvent, body: string): Promise<void> {
    const again = () => void this.#deliver(event, body);
    const timer = this.clock.setTimeout(again, VISIBILITY_TIMEOUT_MS);
    try {
      await this.handler(event);
      this.clock.clearTimeout(timer);
      if (this.isDuplicated(body)) await this.handler(event);
    } catch {
      // The message stays, and is delivered again.
    }
  }
}
