// The rate limiter that processes share: `gate/rate-estimator.ts` and `gate/adaptive-rate.ts` in Lua, the
// same functions in the same order, on state in Redis and on Redis's time. Their comments hold here too.

/**
 * It differs from TypeScript where processes share a key:
 *
 * - `acquireOpen` grants the sends of `GRANT_CHUNK_MS` at once, up to `GRANT_AHEAD_MS` ahead. Callers that
 *   get none get a turn to ask again, or all would come back for the same grant.
 * - `acquireProbe` lets other callers ask again soon at first and then less often, because Redis does not
 *   notify them when the probe is back.
 * - `onSuccess` gets the successes of epoch 0 apart, and `onThrottled` counts an unknown epoch as the
 *   current one if the state is new.
 * - `resume` is for a state that Redis has forgotten: it continues as the caller knows it, in the caller's
 *   epoch if it is closed, so that the answer to a probe counts.
 * - `nextEpoch` begins at the time, so that no epoch comes twice when Redis forgets the state.
 * - `rateAt` is bounded.
 *
 * `script.ts` puts the constants before this text. `KEYS[1]` is a hash: the numbers of the state by name,
 * and the counts of the slots as n0, n1, … `ARGV` and the result are as `encodeArgs` and `decodeResult`
 * have them. No comments in the text, because they would be sent and bundled.
 */
export const ADAPTIVE_RATE_LUA = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local args = {}
for i, text in ipairs(ARGV) do args[i] = tonumber(text) end
local epoch, successes, initialSuccesses, ignored, closedFor, throttleEpoch, burst, span, wanted,
  knownRate, knownClosedFor, lead, listening = unpack(args, 1, 13)

local names = { 'epoch', 'closedUntil', 'open', 'known', 'probeUntil', 'probedAt', 'rate', 'openedAt',
  'holdMs', 'nextAt', 'turnAt', 'burst', 'burstStart', 'burstSpan', 'firstThrottleAt', 'closingMs', 'lastSlot',
  'window', 'stamp', 'createdAt', 'version', 'toldUntil', 'shortAt',
  'quotaUntil' }
local times = { 'closedUntil', 'probeUntil', 'probedAt', 'openedAt', 'nextAt', 'turnAt', 'burstStart',
  'firstThrottleAt', 'toldUntil', 'shortAt', 'quotaUntil' }
local stored, written = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #stored, 2 do written[stored[i]] = stored[i + 1] end
local state = {}
for _, name in ipairs(names) do state[name] = tonumber(written[name]) or 0 end
local isNews = false
local counts = {}

local estimator = {}

function estimator.learnThrottle(closedFor, burst, span)
  state.burstStart = math.min(state.burstStart, now - span)
  state.firstThrottleAt = math.min(state.firstThrottleAt, now)
  state.closingMs = math.max(closedFor, MIN_CLOSING_MS)
  estimator.learnBurst(burst)
end

function estimator.learnBurst(accepted)
  if accepted == 0 or now > state.firstThrottleAt + BURST_WINDOW_MS then return end
  state.burst = state.burst + accepted
  state.burstSpan = math.max(state.burstSpan, now - state.burstStart)
end

function estimator.burstRate()
  return math.max(state.burst, MIN_BURST) * 1000 / (state.closingMs + state.burstSpan)
end

function estimator.reset()
  for i = 0, SLOTS - 1 do counts[i] = 0 end
end

function estimator.count(accepted)
  local last = math.floor(now / SLOT_MS)
  local firstNew = math.max(state.lastSlot + 1, last - SLOTS + 1)
  for i = firstNew, last do counts[i % SLOTS] = 0 end
  state.lastSlot = last
  local slot = last % SLOTS
  local before = counts[slot] or tonumber(redis.call('HGET', KEYS[1], 'n' .. slot)) or 0
  counts[slot] = before + accepted
end

function estimator.estimate(rate)
  estimator.count(0)
  local fields = {}
  for i = 1, SLOTS do fields[i] = 'n' .. (i - 1) end
  local stored = redis.call('HMGET', KEYS[1], unpack(fields))
  local sums, sum = {}, 0
  for i = 0, SLOTS - 1 do
    if (state.lastSlot - i + 1) * SLOT_MS <= state.openedAt then break end
    local slot = (state.lastSlot - i) % SLOTS
    sum = sum + (counts[slot] or tonumber(stored[slot + 1]) or 0)
    sums[i + 1] = sum
  end
  local lastSecond = sums[math.min(1000 / SLOT_MS, #sums)] or 0
  local lowest = now < state.openedAt + MIN_SPAN_MS and rate / 2 or 0
  local function measure(refillRate)
    local refilled = refillRate * state.burstSpan / 1000
    local burst = math.min(math.max(state.burst - refilled, state.burst / 4), lastSecond / 2)
    local best = lowest
    for i, accepted in ipairs(sums) do
      local time = now - (state.lastSlot - i + 1) * SLOT_MS
      if time >= MIN_SPAN_MS or i == #sums then
        best = math.max(best, (accepted + 0.5 - burst) * 1000 / math.max(time, MIN_SPAN_MS))
      end
    end
    return best
  end
  return measure(measure(lastSecond))
end

function estimator.refill(rate, ms)
  return math.min(state.burst, rate * ms / 1000)
end

local adaptive = {}

function adaptive.rateAt()
  local sinceHold = now - state.openedAt - state.holdMs
  if state.holdMs == 0 then
    return math.min(state.rate * 2 ^ (sinceHold / SLOW_START_DOUBLING_MS), MAX_RATE)
  end
  local growth = 1 + HOLD_GROWTH * math.min(1 + sinceHold / state.holdMs, 1)
  return math.min(state.rate * growth * 2 ^ (math.max(sinceHold, 0) / SEARCH_DOUBLING_MS), MAX_RATE)
end

function adaptive.acquire()
  if state.open == 1 then return adaptive.acquireOpen() end
  return adaptive.acquireProbe()
end

function adaptive.acquireOpen()
  local interval = 1000 / adaptive.rateAt()
  local sends = math.min(wanted, math.max(1, math.floor((GRANT_CHUNK_MS + lead) / interval)))
  local at = math.max(state.nextAt, now - CATCH_UP_MS)
  local ahead = GRANT_AHEAD_MS + 2 * lead
  if at <= now + ahead then
    state.nextAt = at + sends * interval
    return sends, math.max(at - now, 0), interval
  end
  local turnAt = math.min(state.turnAt + sends * interval, now + TURN_SPREAD_MS)
  state.turnAt = math.max(at - ahead, turnAt)
  return 0, state.turnAt - now, 0
end

function adaptive.acquireProbe()
  if state.closedUntil > now then return 0, state.closedUntil - now, 0 end
  if state.probeUntil > now then
    local delay = math.max(MIN_PROBE_POLL_MS, (now - state.probedAt) / 2)
    if listening == 1 then delay = PROBE_LEASE_MS end
    return 0, math.min(state.probeUntil - now, delay), 0
  end
  state.probedAt, state.probeUntil = now, now + PROBE_LEASE_MS
  return 1, 0, 0
end

function adaptive.onSuccess(epoch, count, initialCount)
  if state.known == 0 then estimator.learnBurst(initialCount) end
  if count == 0 or epoch ~= state.epoch then return end
  if state.open == 0 then adaptive.onProbeSuccess() end
  if state.open == 1 then estimator.count(count) end
end

function adaptive.onProbeSuccess()
  state.probeUntil = 0
  if now < state.closedUntil then return end
  if state.known == 0 then state.rate = math.max(INITIAL_RATE, estimator.burstRate()) end
  state.open, state.known = 1, 1
  state.openedAt = now
  state.nextAt = now + 1000 / state.rate
  estimator.reset()
  isNews = true
end

function adaptive.onIgnored(epoch)
  if epoch ~= state.epoch then return end
  isNews = isNews or state.open == 0
  state.probeUntil = 0
end

function adaptive.onThrottled(epoch, closedFor, burst, span)
  isNews = true
  state.closedUntil = math.max(state.closedUntil, now + closedFor)
  if state.known == 0 then estimator.learnThrottle(closedFor, burst, span) end
  if state.open == 1 and epoch == state.epoch then adaptive.reduce(closedFor)
  elseif state.open == 1 and state.holdMs == 0 then state.rate = adaptive.rateAt() end
  if state.open == 1 or epoch == state.epoch or state.epoch == 0 then adaptive.close() end
end

function adaptive.close()
  state.open, state.probeUntil = 0, 0
  adaptive.nextEpoch()
end

function adaptive.reduce(closedFor)
  local isSlowStart = state.holdMs == 0
  local isHeld = now <= state.openedAt + state.holdMs
  local highest = adaptive.rateAt()
  local lowest = (isHeld or isSlowStart) and MIN_RATE or state.rate
  local measured = estimator.estimate(highest)
  local closings = isSlowStart and FIRST_HOLD_CLOSINGS or HOLD_CLOSINGS
  state.holdMs = math.min(math.max(closings * closedFor, MIN_HOLD_MS), MAX_HOLD_MS)
  local extra = REFILL_SHARE * estimator.refill(measured, closedFor) * 1000 / state.holdMs
  local rate = math.min(HELD_SHARE * measured + extra, BACKOFF_FACTOR * highest)
  state.rate = math.max(rate, lowest)
end

function adaptive.resume(rate, closedFor)
  state.known, state.open = 1, closedFor < 0 and 1 or 0
  state.closedUntil = now + math.max(closedFor, 0)
  state.rate, state.holdMs = math.min(rate, MAX_RATE), MIN_HOLD_MS
  if state.open == 0 and epoch > 0 then state.epoch = epoch else adaptive.nextEpoch() end
end

function adaptive.nextEpoch()
  state.epoch = math.max(state.epoch + 1, math.floor(now))
end
`;
