import { RATE } from '../gate/adaptive-rate.js';
import type { Throttle } from '../gate/rate-limiter.js';

const { lease, slowStart, doubling, probeDoubling, backoffFactor, catchUp, bucket, buckets } = RATE;
const { noiseFactor, holdGrowth, holdClosings, minHold, maxHold, minSpan, minRate } = RATE;

/** A state without requests is remembered for so long (ms), and none for longer than a year. */
const STATE_TTL_MS = 60_000;
const MAX_STATE_TTL_MS = 31_536_000_000;

/** Processes start further apart than the requests of one: so late (ms) a first burst is told. */
const BURST_WINDOW_MS = 400;

/** A rate (per second) that need not grow any more: infinite ones cannot be told. */
const MAX_RATE = 1e9;

/** Leave is given for so much time (ms) at once, and so far ahead: what is given cannot be taken back. */
const GRANT_CHUNK_MS = 20;
const GRANT_AHEAD_MS = 40;

/** Who is given none has its turn to ask again within this time (ms). */
const TURN_SPREAD_MS = 1000;

/**
 * The rule of {@link Pace}, word for word, on a state that processes share and on the server's time.
 *
 * KEYS: the key's state. ARGV: the epoch that is spoken of; what passed of it, and of before the first
 * refusal; 1 if a send of it was lost; for how long a refusal closes, or -1, and its epoch, burst and span;
 * for how many sends leave is asked; the rate and the closing to begin with where Redis has forgotten.
 * Returns, as strings: epoch, closed for, 1 if closed, sends, delay, interval, rate.
 */
export const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local arg = {}
for i, text in ipairs(ARGV) do arg[i] = tonumber(text) end
local epochTold, passed, firsts, lost, closedFor, refusalEpoch, burst, span, wanted, rate, closing = unpack(arg)

local names = { 'epoch', 'closedUntil', 'probeUntil', 'probedAt', 'open', 'known', 'rate', 'since', 'hold',
  'nextAt', 'burst', 'firstAt', 'span', 'refusedAt', 'closing', 'counted', 'turnAt' }
local s = {}
for i, text in ipairs(redis.call('HMGET', KEYS[1], unpack(names))) do s[names[i]] = tonumber(text) or 0 end
local isNew = s.epoch == 0
local counts = {}

local function nextEpoch() s.epoch = math.max(s.epoch + 1, math.floor(now)) end

-- Nobody has told of it yet, or Redis has lost it: then it goes on as who asks knows it.
if isNew then
  s.rate, s.since, s.firstAt, s.refusedAt = ${slowStart}, now, math.huge, math.huge
  if closedFor < 0 then
    s.rate, s.known, s.open, s.hold = math.min(rate, ${MAX_RATE}), 1, closing > 0 and 0 or 1, ${minHold}
    s.closedUntil = now + closing
    nextEpoch()
  end
end

local function rateNow()
  local over = now - s.since - s.hold
  if s.hold == 0 then return math.min(s.rate * 2 ^ (over / ${doubling}), ${MAX_RATE}) end
  local held = 1 + ${holdGrowth} * math.min(1 + over / s.hold, 1)
  return math.min(s.rate * held * 2 ^ (math.max(over, 0) / ${probeDoubling}), ${MAX_RATE})
end

local function learn(count)
  if count == 0 or now > s.refusedAt + ${BURST_WINDOW_MS} then return end
  s.burst = s.burst + count
  s.span = math.max(s.span, now - s.firstAt)
end

local function count(number)
  local last = math.floor(now / ${bucket})
  for i = math.max(s.counted + 1, last - ${buckets} + 1), last do counts[i % ${buckets}] = 0 end
  s.counted = last
  local at = last % ${buckets}
  local before = counts[at] or tonumber(redis.call('HGET', KEYS[1], 'n' .. at)) or 0
  counts[at] = before + number
end

local function estimate()
  count(0)
  local fields = {}
  for i = 1, ${buckets} do fields[i] = 'n' .. (i - 1) end
  local stored = redis.call('HMGET', KEYS[1], unpack(fields))
  local sums, sum = {}, 0
  for i = 0, ${buckets} - 1 do
    if (s.counted - i + 1) * ${bucket} <= s.since then break end
    local at = (s.counted - i) % ${buckets}
    sum = sum + (counts[at] or tonumber(stored[at + 1]) or 0)
    sums[i + 1] = sum
  end
  local second = sums[math.min(${1000 / bucket}, #sums)] or 0
  local held = math.min(math.max(s.burst - second * s.span / 1000, s.burst / 4), second / 2)
  local best = 0
  for i, all in ipairs(sums) do
    local t = now - (s.counted - i + 1) * ${bucket}
    if t >= ${minSpan} or i == #sums then
      best = math.max(best, (all + 0.5 - held) * 1000 / math.max(t, ${minSpan}))
    end
  end
  return best
end

if firsts > 0 and s.known == 0 then learn(firsts) end

if passed > 0 and epochTold == s.epoch then
  local isOpen = s.open == 1
  if not isOpen then
    s.probeUntil = 0
    if now >= s.closedUntil then
      isOpen = true
      if s.known == 0 then s.rate = math.max(${slowStart}, s.burst * 1000 / (s.closing + s.span)) end
      s.open, s.known, s.since, s.nextAt = 1, 1, now, now + 1000 / s.rate
      for i = 0, ${buckets} - 1 do counts[i] = 0 end
    end
  end
  if isOpen then count(passed) end
end

if lost > 0 and epochTold == s.epoch then s.probeUntil = 0 end

if closedFor >= 0 then
  s.closedUntil = math.max(s.closedUntil, now + closedFor)
  if s.known == 0 then
    s.firstAt = math.min(s.firstAt, now - span)
    s.refusedAt = math.min(s.refusedAt, now)
    s.closing = math.max(closedFor, 1000)
    learn(burst)
  end
  local isOwn = refusalEpoch == s.epoch
  if s.open == 1 and isOwn then
    local isHeld = now <= s.since + s.hold
    local most = isHeld and rateNow() * ${backoffFactor} or rateNow()
    local least = (isHeld or s.hold == 0) and ${minRate} or s.rate * ${1 + holdGrowth}
    local seen = estimate()
    if seen < least * ${noiseFactor} then seen = (seen + least) / 2 end
    s.rate = math.max(math.min(most, seen), least)
    s.hold = math.min(math.max(${holdClosings} * closedFor, ${minHold}), ${maxHold})
  elseif s.open == 1 and s.hold == 0 then s.rate = rateNow() end
  if s.open == 1 or isOwn or isNew then
    s.open, s.probeUntil = 0, 0
    nextEpoch()
  end
end

local sends, delay, interval = 0, 0, 0
if wanted > 0 and s.open == 1 then
  local at = math.max(s.nextAt, now - ${catchUp})
  local each = 1000 / rateNow()
  local most = math.min(wanted, math.max(1, math.floor(${GRANT_CHUNK_MS} / each)))
  if at > now + ${GRANT_AHEAD_MS} then
    -- Each has a turn of its own, or all would come for the same leave.
    s.turnAt = math.max(at - ${GRANT_AHEAD_MS}, math.min(s.turnAt + most * each, now + ${TURN_SPREAD_MS}))
    delay = s.turnAt - now
  else
    sends, interval, delay = most, each, math.max(at - now, 0)
    s.nextAt = at + sends * interval
  end
elseif wanted > 0 then
  if s.closedUntil > now then delay = s.closedUntil - now
  elseif s.probeUntil > now then
    -- Others look again sooner and then less often, as nobody tells them that the probe is back.
    delay = math.min(s.probeUntil - now, math.max(10, (now - s.probedAt) / 2))
  else
    sends, s.probedAt, s.probeUntil = 1, now, now + ${lease}
  end
end

local function write(number) return string.format('%.17g', number) end
local fields = {}
for _, name in ipairs(names) do
  fields[#fields + 1] = name
  fields[#fields + 1] = write(s[name])
end
for at, number in pairs(counts) do
  fields[#fields + 1] = 'n' .. at
  fields[#fields + 1] = write(number)
end
redis.call('HSET', KEYS[1], unpack(fields))
local left = math.max(s.closedUntil - now, 0)
redis.call('PEXPIRE', KEYS[1], math.ceil(math.min(left + ${STATE_TTL_MS}, ${MAX_STATE_TTL_MS})))
local rateOut = s.open == 1 and rateNow() or s.rate
return { write(s.epoch), write(left), write(1 - s.open), write(sends), write(delay), write(interval), write(rateOut) }
`;

/** What the script is told. */
export interface ScriptArgs {
  readonly epoch: number;
  readonly successes: number;
  readonly initialSuccesses: number;
  readonly ignored: boolean;
  readonly throttle: Throttle | undefined;
  readonly wanted: number;
  /** Sends per second and milliseconds, in case that Redis has forgotten. */
  readonly rate: number;
  readonly closedFor: number;
}

/** What it says; milliseconds, and sends per second. */
export interface ScriptResult {
  readonly epoch: number;
  readonly closedFor: number;
  readonly closed: boolean;
  readonly sends: number;
  readonly delay: number;
  readonly interval: number;
  readonly rate: number;
}

export function encodeArgs(question: ScriptArgs): string[] {
  const { epoch, successes, initialSuccesses, ignored, throttle, wanted, rate, closedFor } =
    question;
  const { burst = 0, span = 0 } = throttle ?? {};
  const told = [epoch, successes, initialSuccesses, ignored ? 1 : 0];
  const refused = [throttle?.closedFor ?? -1, throttle?.epoch ?? -1, burst, span];
  return [...told, ...refused, wanted, rate, closedFor].map(String);
}

/** @throws {Error} When it is nothing that the script says. */
export function decodeResult(reply: unknown): ScriptResult {
  const numbers = Array.isArray(reply) ? reply.map(Number) : [];
  if (numbers.length !== 7 || numbers.some(Number.isNaN)) {
    throw new Error('axios-status-retry: Redis answers with something else than the script does');
  }
  const [epoch, closedFor, closed, sends, delay, interval, rate] = numbers as Numbers;
  return { epoch, closedFor, closed: closed === 1, sends, delay, interval, rate };
}

type Numbers = [number, number, number, number, number, number, number];
