// The part of a failed attempt that is kept while its request waits.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError } from 'axios';
import type { Outcome } from '../request/outcome.js';
import { responseOf } from '../request/outcome.js';

type Config = InternalAxiosRequestConfig;

/** An outcome without its body, request and config, which would cost memory through a wait of hours. */
export class FailedAttempt {
  readonly status: number | undefined;
  readonly #ok: boolean;
  readonly #statusText: string | undefined;
  readonly #headers: AxiosResponse['headers'] | undefined;
  readonly #message: string | undefined;
  readonly #code: string | undefined;

  constructor(outcome: Outcome) {
    const { ok, value } = outcome;
    const response = responseOf(outcome);
    this.status = response?.status;
    this.#ok = ok;
    this.#statusText = response?.statusText;
    this.#headers = response?.headers;
    this.#message = ok ? undefined : value.message;
    this.#code = ok ? undefined : value.code;
  }

  response(config: Config): AxiosResponse | undefined {
    if (this.status === undefined) return undefined;
    return {
      status: this.status,
      statusText: this.#statusText ?? '',
      headers: this.#headers ?? {},
      config,
      data: undefined,
      request: undefined,
    };
  }

  error(config: Config): AxiosError {
    const message = this.#message ?? `Request failed with status code ${this.status}`;
    return new AxiosError(message, this.#code, config, undefined, this.response(config));
  }

  /** The outcome again, of the same kind, with `config`. */
  outcome(config: Config): Outcome {
    const response = this.#ok ? this.response(config) : undefined;
    return response ? { ok: true, value: response } : { ok: false, value: this.error(config) };
  }
}

/** The error of a request that failed with a status, of whose response nothing else is known. */
export function statusError(status: number, config: Config): AxiosError {
  const code = status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
  const message = `Request failed with status code ${status}`;
  const response = { status, statusText: '', headers: {}, config, data: undefined };
  return new AxiosError(message, code, config, undefined, response);
}
