// The options of `createDeferral`.
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, invalidArgument, readOptions } from '../util/validate.js';
import { createHeaderFilter, HEADER_NAMES } from './headers.js';
import type { RetryTicket } from './ticket.js';
import { normalizedBase } from './url.js';

/** Options of `createDeferral`. */
export interface DeferralOptions {
  /**
   * Saves a ticket; awaited before the request rejects. If it throws or rejects, the request fails
   * with that error.
   */
  readonly save: (ticket: RetryTicket) => unknown;
  /**
   * Names of further request headers that tickets may hold. Names of credentials are refused.
   *
   * @defaultValue none
   */
  readonly headers?: readonly string[] | undefined;
  /**
   * Names of query parameters that tickets leave out.
   *
   * @defaultValue none
   */
  readonly omitParams?: readonly string[] | undefined;
  /**
   * Origins that tickets may be sent to besides the origin of the instance's `baseURL`.
   *
   * @defaultValue none
   */
  readonly origins?: readonly string[] | undefined;
}

/** The checked options. */
export interface DeferralSettings {
  readonly save: DeferralOptions['save'];
  readonly allowsHeader: (name: string) => boolean;
  readonly omitParams: readonly string[];
  readonly origins: readonly string[];
}

const ORIGINS = "an array of http(s) origins, such as ['https://api.example.com']";

const RULES: OptionRules<DeferralOptions> = {
  save: A_FUNCTION,
  headers: [HEADER_NAMES, isStrings],
  omitParams: ['an array of names', isStrings],
  origins: [ORIGINS, isStrings],
};
const DEFAULTS = {
  headers: [] as readonly string[],
  omitParams: [] as readonly string[],
  origins: [] as readonly string[],
};

/**
 * Checks and copies the options of `createDeferral`.
 *
 * @throws {TypeError} When an option is missing, unknown or of a wrong kind.
 * @throws {RangeError} When `headers` holds an invalid name or that of a credential, or `origins`
 *   holds anything but http(s) origins.
 */
export function readDeferralOptions(options: DeferralOptions): DeferralSettings {
  type Complete = typeof DEFAULTS & Pick<DeferralOptions, 'save'>;
  const { save, headers, omitParams, origins } = readOptions<Complete>(
    'createDeferral',
    options,
    RULES,
    DEFAULTS,
    ['save'],
  );
  return {
    save,
    allowsHeader: createHeaderFilter(headers),
    omitParams: [...omitParams],
    origins: origins.map(readOrigin),
  };
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Normalizes an origin: `https://API.example:443/` becomes `https://api.example`. */
function readOrigin(given: string): string {
  const base = /^https?:\/\/[^/?#@]+\/?$/i.test(given) ? normalizedBase(given) : undefined;
  if (base !== undefined) return new URL(base).origin;
  throw invalidArgument('createDeferral: option "origins"', ORIGINS, given, RangeError);
}
