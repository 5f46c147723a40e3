// Reads the quotas of the IETF's fields RateLimit and RateLimit-Policy.
import type { ServerAnswer } from '../policy/hint.js';
import { isCached } from './cached.js';
import { fieldText } from './field.js';
import { readFormerFields } from './former-rate-limit-fields.js';
import type { Quota, QuotaReader } from './quota.js';
import { MAX_NAME_LENGTH, MAX_QUOTAS, secondsToMs } from './quota-limits.js';
import type { Item } from './structured-field.js';
import { parseList } from './structured-field.js';

/** A member of either field: whose quota it is, and the parameters that both or one of them have. */
interface Member {
  readonly policy: string;
  readonly partition: string | undefined;
  readonly item: Item;
}

/**
 * Reads the quotas of the fields `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers, the same in -10 and -11). Without a valid `RateLimit`, it
 * reads that of draft 7 (`limit=100, remaining=50, reset=30`), else `RateLimit-Limit`, `-Remaining` and
 * `-Reset` of draft 6, whose reset is a number of seconds.
 *
 * A malformed field is ignored as a whole, and so is an answer from a cache. A quota's name is that of
 * its policy, with the partition key if there is one: `default;pk=:dXNlcg:`; in the drafts 6 and 7 it is
 * `default`. At most 16 quotas of an answer count, and no name above 128 characters.
 */
export function rateLimitFields(): QuotaReader {
  return (answer) => {
    if (isCached(answer)) return [];
    const limits = readMembers(answer, 'ratelimit', isServiceLimit);
    if (limits.length === 0) {
      const former = readFormerFields(answer);
      if (former !== undefined) return [former];
    }
    return toQuotas(limits, readMembers(answer, 'ratelimit-policy', isPolicy));
  };
}

/** The members of a field; none if it is malformed. */
function readMembers(
  answer: ServerAnswer,
  name: string,
  isValid: (item: Item) => boolean,
): Member[] {
  const items = parseList(fieldText(answer, name) ?? '') ?? [];
  if (!items.every((item) => isIdentified(item) && isValid(item))) return [];
  return items.map((item) => ({
    policy: String(item.bare.value),
    partition: textOf(item, 'pk'),
    item,
  }));
}

function isIdentified(item: Item): boolean {
  return item.bare.type === 'string' && ['bytes', undefined].includes(item.params.get('pk')?.type);
}

function isServiceLimit(item: Item): boolean {
  return isCount(item, 'r') && (isCount(item, 't') || !item.params.has('t'));
}

function isPolicy(item: Item): boolean {
  const { params } = item;
  const hasWindow = isCount(item, 'w') && params.get('w')?.value !== 0;
  const hasUnit = params.get('qu')?.type === 'string';
  return isCount(item, 'q') && (hasWindow || !params.has('w')) && (hasUnit || !params.has('qu'));
}

/** Whether a parameter is an integer, 0 or more. */
function isCount(item: Item, name: string): boolean {
  const param = item.params.get(name);
  return param?.type === 'integer' && param.value >= 0;
}

function countOf(item: Item | undefined, name: string): number | undefined {
  return item?.params.get(name)?.value as number | undefined;
}

function textOf(item: Item | undefined, name: string): string | undefined {
  return item?.params.get(name)?.value as string | undefined;
}

/** One quota for each limit, the lowest of those with the same name, and for each policy without one. */
function toQuotas(limits: readonly Member[], policies: readonly Member[]): Quota[] {
  const quotas = new Map<string, Quota>();
  const told = new Set<Member>();
  for (const limit of limits) {
    const policy = policyOf(limit, policies);
    if (policy) told.add(policy);
    add(
      quotas,
      toQuota({ ...limit, partition: limit.partition ?? policy?.partition }, limit, policy),
    );
  }
  for (const policy of policies) {
    if (!told.has(policy)) add(quotas, toQuota(policy, undefined, policy));
  }
  return [...quotas.values()];
}

/** The policy of a limit: of its name and partition, or of its name if one of them says no partition. */
function policyOf(limit: Member, policies: readonly Member[]): Member | undefined {
  const named = policies.filter(({ policy }) => policy === limit.policy);
  return (
    named.find(({ partition }) => partition === limit.partition) ??
    named.find(({ partition }) => partition === undefined || limit.partition === undefined)
  );
}

function toQuota(
  { policy: name, partition }: Member,
  limit: Member | undefined,
  policy: Member | undefined,
): Quota {
  return {
    name: partition === undefined ? name : `${name};pk=:${partition}:`,
    remaining: countOf(limit?.item, 'r'),
    reset: secondsToMs(countOf(limit?.item, 't')),
    limit: countOf(policy?.item, 'q'),
    window: secondsToMs(countOf(policy?.item, 'w')),
    unit: textOf(policy?.item, 'qu'),
  };
}

function add(quotas: Map<string, Quota>, quota: Quota): void {
  const { name, remaining = Infinity } = quota;
  const known = quotas.get(name);
  if (known ? remaining >= (known.remaining ?? Infinity) : quotas.size === MAX_QUOTAS) return;
  if (name.length <= MAX_NAME_LENGTH) quotas.set(name, quota);
}
