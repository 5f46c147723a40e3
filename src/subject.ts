import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Outcome } from './failure.js';
import type { History } from './history.js';
import type { Attached, Policy } from './options.js';
import type { Place } from './place.js';
import type { RetryCall, RetryHost } from './ports.js';
import type { Names } from './replay.js';
import type { GiveUpReason } from './types.js';

type Config = InternalAxiosRequestConfig;

/** What a call uses of the instance it belongs to. */
export interface CallHost extends Attached, RetryHost {
  readonly names: Names;
  send(config: Config): Promise<Outcome>;
}

/** The call that is sent again. */
export interface Subject extends RetryCall {
  readonly history: History;
  readonly place: Place | undefined;
  readonly limits: Policy;
  readonly ended: boolean;
  /** What the caller gave under a name of the config. */
  given(name: string): unknown;
  /** A fresh config, with the call on it. */
  next(): Config;
  /** Ends the call well, unless a response is its own and of a failed attempt: then it says no. */
  accept(value: AxiosResponse): boolean;
  /** Whether an error is of the call's own attempt, and can be judged. */
  isOwn(error: unknown): error is AxiosError;
  /** Whether another call has judged and reported it already. */
  isSettled(error: unknown): boolean;
  canceled(): unknown;
  end(succeeded: boolean, reason?: GiveUpReason): void;
}
