import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosError, AxiosHeaders } from 'axios';
import type { Outcome } from '../request/outcome.js';
import { responseOf } from '../request/outcome.js';
import type { RequestSnapshot } from '../request/snapshot.js';
import { CONFIG_KEY } from '../request/state.js';

/** The request of a snapshot, ready to be sent, with the plugin's key on it. */
export function toConfig(snapshot: RequestSnapshot, state: unknown): InternalAxiosRequestConfig {
  const config = snapshot.config();
  // Own keys one by one: `false` and `null` mean "removed" and must stay.
  config.headers = Object.assign(new AxiosHeaders(), config.headers);
  config[CONFIG_KEY] = state;
  return config as unknown as InternalAxiosRequestConfig;
}

/** What a request last ended with, kept through a wait without body, request and config. */
export class OutcomeSummary {
  readonly status: number | undefined;
  readonly #ok: boolean;
  readonly #statusText: string | undefined;
  readonly #headers: AxiosResponse['headers'] | undefined;
  readonly #message: string | undefined;
  readonly #code: string | undefined;

  constructor(outcome: Outcome) {
    const { ok, value } = outcome;
    const response = responseOf(outcome);
    this.#ok = ok;
    this.status = response?.status;
    this.#statusText = response?.statusText;
    this.#headers = response?.headers;
    this.#message = ok ? undefined : value.message;
    this.#code = ok ? undefined : value.code;
  }

  response(config: InternalAxiosRequestConfig): AxiosResponse | undefined {
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

  error(config: InternalAxiosRequestConfig): AxiosError {
    const message = this.#message ?? `Request failed with status code ${this.status}`;
    return new AxiosError(message, this.#code, config, undefined, this.response(config));
  }

  /** What the request settles with when it is sent no more. */
  outcome(config: InternalAxiosRequestConfig): Outcome {
    const response = this.#ok ? this.response(config) : undefined;
    return response ? { ok: true, value: response } : { ok: false, value: this.error(config) };
  }
}

/** The error of a request that failed with a status, of whose response nothing else is known. */
export function statusError(status: number, config: InternalAxiosRequestConfig): AxiosError {
  const code = status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
  const message = `Request failed with status code ${status}`;
  const response = { status, statusText: '', headers: {}, config, data: undefined };
  return new AxiosError(message, code, config, undefined, response);
}
