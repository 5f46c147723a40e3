// The options of `createDeferral`.
import type { OptionRules } from '../util/validate.js';
import { A_FUNCTION, invalidArgument, readOptions } from '../util/validate.js';
import { createHeaderFilter, HEADER_NAMES } from './headers.js';
import type { RetryTicket } from './ticket.js';
import { normalizedBase } from './url.js';

/** Options of `createDeferral`. */
export interface DeferralOptions {
  /** Keeps a ticket. Awaited before the request rejects; when it fails, the request fails with its error. */
  readonly save: (ticket: RetryTicket) => unknown;
  /**
   * Names of request headers that tickets may hold besides the usual ones; no credentials.
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

/** The options, checked and complete. */
export interface DeferralSettings {
  readonly save: DeferralOptions['save'];
  readonly allowsHeader: (name: string) => boolean;
  readonly omitParams: readonly string[];
  readonly origins: readonly string[];
}

const ORIGINS = "http(s) origins, such as ['https://api.example.com']";

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
 * Checks the options of `createDeferral` and copies them.
 *
 * @throws {TypeError} When an option is missing, unknown or of a wrong kind.
 * @throws {RangeError} When `headers` or `origins` holds a string that is not a header's name or an origin.
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

/** As `URL.origin` has it: `https://API.example:443/` becomes `https://api.example`. */
function readOrigin(given: string): string {
  const base = /^https?:\/\/[^/?#@]+\/?$/i.test(given) ? normalizedBase(given) : undefined;
  if (base !== undefined) return new URL(base).origin;
  throw invalidArgument('createDeferral: option "origins"', ORIGINS, given, RangeError);
}
