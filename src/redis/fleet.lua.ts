// What processes share of a key besides its rate: the start window, the quotas, and the news of both.

/**
 * The second half of the script.
 *
 * - Each process has a field `p:{id}`: its lot of the start window or what it has in flight if that is more, its units of the quotas that are in flight and
 *   those not used yet, how many requests it has, and when it was last heard of. It counts for `LEASE_MS`, and its
 *   unused units for `UNITS_LEASE_MS`.
 * - The start window is divided by demand. A lot never exceeds what the others leave, but one send is always free.
 * - Each quota has a field `q:{name}`, as `gate/quota-ledger.ts` has it. What is left, less what the processes
 *   have in flight or in hand, is given out in lots, ever smaller ones towards the end.
 * - What Retry-After said with a refusal that a used-up quota explains holds for all: `quotaUntil`.
 * - When the key closes or opens, a probe is lost, or a quota is new or used up, the state is published. A closing
 *   that only becomes a little longer is not: who wants to send then has to ask for the probe anyway.
 * - When a process gets no units, that is published too, and the others give back theirs.
 * - A process may ask for the probe as long before the opening as its question takes.
 * - The clock of Redis may go back, when a replica takes over: then all times in the state go back with it.
 */
export const FLEET_LUA = `
local demand, sending, size, grown, initial, inFlight, cost, reserve, quotaCount = unpack(args, 14, 22)
local channel, process = ARGV[23], ARGV[24]

local fleet = { processes = {}, quotas = {}, quotaCount = 0, gone = {}, moved = false }

function fleet.load()
  for field, text in pairs(written) do
    local kind, name, numbers = '', '', {}
    if string.byte(field, 2) == 58 then
      kind, name = string.sub(field, 1, 1), string.sub(field, 3)
      for number in string.gmatch(text, '%S+') do numbers[#numbers + 1] = tonumber(number) end
    end
    if kind == 'p' then
      local held, inFlight, units, demand, seenAt = unpack(numbers)
      if seenAt < now - LEASE_MS then fleet.gone[#fleet.gone + 1] = field
      elseif name ~= process then
        fleet.processes[name] = { held = held, inFlight = inFlight, units = units, demand = demand, seenAt = seenAt }
      end
    elseif kind == 'q' then
      local remaining, limit, window, resetAt, assumed = unpack(numbers)
      fleet.quotas[name] = { remaining = remaining, limit = limit, window = window, resetAt = resetAt, assumed = assumed }
      fleet.quotaCount = fleet.quotaCount + 1
    end
  end
end

function fleet.setBack(by)
  for _, name in ipairs(times) do state[name] = state[name] - by end
  for _, quota in pairs(fleet.quotas) do quota.resetAt = quota.resetAt - by end
  for _, other in pairs(fleet.processes) do other.seenAt = other.seenAt - by end
  fleet.moved = true
  if by > SLOT_MS then
    state.lastSlot = math.floor(now / SLOT_MS)
    estimator.reset()
  end
end

function fleet.renewQuotas()
  for name, quota in pairs(fleet.quotas) do
    if quota.resetAt <= now then
      if quota.limit < 0 then
        fleet.quotas[name] = nil
        fleet.gone[#fleet.gone + 1] = 'q:' .. name
      else
        quota.remaining, quota.assumed = quota.limit, 1
        local passed = quota.window > 0 and math.floor((now - quota.resetAt) / quota.window) + 1 or math.huge
        quota.resetAt = passed < math.huge and quota.resetAt + passed * quota.window or math.huge
      end
    end
  end
end

function fleet.learnQuota(name, remaining, reset, limit, window, isCertain)
  local known, resetAt = fleet.quotas[name], now + reset
  if known == nil and fleet.quotaCount >= MAX_QUOTAS then return end
  if known == nil then fleet.quotaCount = fleet.quotaCount + 1 end
  local later, tolerance = known and resetAt - known.resetAt or 0, math.max(ROUNDING_MS, window / 2)
  if isCertain == 1 then state.quotaUntil = math.max(state.quotaUntil, resetAt) end
  if known == nil or known.assumed == 1 or isCertain == 1 or later > tolerance then
    fleet.quotas[name] = { remaining = remaining, limit = limit, window = window, resetAt = resetAt, assumed = 0 }
    isNews = isNews or known == nil or remaining <= 0
  elseif later >= -tolerance then
    isNews = isNews or (remaining <= 0 and known.remaining > 0)
    known.remaining = math.min(known.remaining, remaining)
    known.resetAt = math.min(known.resetAt, resetAt)
  end
end

function fleet.sums()
  local held, out, demands, count = 0, 0, demand, 1
  for _, other in pairs(fleet.processes) do
    held, out, demands, count = held + other.held, out + other.inFlight, demands + other.demand, count + 1
    if other.seenAt >= now - UNITS_LEASE_MS then out = out + other.units end
  end
  return held, out, math.max(demands, 1), count
end

function fleet.lot(held, demands, count)
  if state.window == 0 then state.window = math.max(initial, size) else state.window = state.window + grown end
  local left = state.window - held
  local lot = math.min(math.max(2 * demand, MIN_LOT, math.floor(left / (count + 1))), left)
  if demands > state.window then lot = math.min(lot, math.floor(state.window * demand / demands)) end
  return math.max(lot, 1)
end

function fleet.units(out, demands, count)
  local room = math.huge
  for _, quota in pairs(fleet.quotas) do
    room = math.min(room, quota.remaining - math.max(quota.limit, 0) * reserve)
  end
  if room == math.huge then return -1 end
  local left = room - out - inFlight
  if left < cost then
    if demand > 0 and out > 0 and now >= state.shortAt + NEWS_STEP_MS then isNews, state.shortAt = true, now end
    return 0
  end
  local ahead = math.floor(left / (4 * count))
  local share = math.ceil(left * demand / demands / 2)
  local needed = math.min(demand * cost, math.max(share, cost))
  return math.min(left, math.max(ahead, needed))
end

function fleet.acquire()
  local left = state.closedUntil - now
  if state.open == 1 or left <= 0 or left > lead then return adaptive.acquire() end
  if state.probeUntil > state.closedUntil then
    return 0, left + (listening == 1 and PROBE_LEASE_MS or MIN_PROBE_POLL_MS), 0
  end
  state.probedAt, state.probeUntil = state.closedUntil, state.closedUntil + PROBE_LEASE_MS
  return 1, left, 0
end

function fleet.onThrottled()
  local wasNews, wasClosed = isNews, state.epoch > 0 and state.open == 0 and state.probeUntil == 0
  adaptive.onThrottled(throttleEpoch, closedFor, burst, span)
  if wasClosed and state.closedUntil < state.toldUntil + NEWS_STEP_MS then isNews = wasNews end
end

fleet.load()
if state.stamp > now then fleet.setBack(state.stamp - now) end
state.stamp, state.version = now, state.version + 1
if state.createdAt == 0 then state.createdAt = now end
fleet.renewQuotas()

local isThrottle = closedFor >= 0
if state.epoch == 0 then
  if state.burstStart == 0 then
    state.rate, state.openedAt = INITIAL_RATE, now
    state.burstStart, state.firstThrottleAt = math.huge, math.huge
  end
  if not isThrottle and knownClosedFor > -2 then adaptive.resume(knownRate, knownClosedFor) end
end
adaptive.onSuccess(epoch, successes, initialSuccesses)
if ignored > 0 then adaptive.onIgnored(epoch) end
if isThrottle then fleet.onThrottled() end
for i = 1, quotaCount do
  local at = 24 + (i - 1) * 6
  fleet.learnQuota(ARGV[at + 1], unpack(args, at + 2, at + 6))
end
local sends, delay, interval = 0, 0, 0
if wanted > 0 and state.epoch > 0 then sends, delay, interval = fleet.acquire() end
local held, out, demands, count = fleet.sums()
local lot = fleet.lot(held, demands, count)
local units = fleet.units(out, demands, count)

if isNews then state.toldUntil = state.closedUntil end

local function write(number) return string.format('%.17g', number) end
local fields = {}
local function join(...)
  local numbers = { ... }
  for i, number in ipairs(numbers) do numbers[i] = write(number) end
  return table.concat(numbers, ' ')
end
local function set(name, ...)
  fields[#fields + 1], fields[#fields + 2] = name, join(...)
end
for _, name in ipairs(names) do set(name, state[name]) end
for slot, count in pairs(counts) do set('n' .. slot, count) end
set('p:' .. process, math.max(lot, sending), inFlight, math.max(units, 0), demand, now)
local latest, quotas = math.max(state.closedUntil, state.quotaUntil), {}
for name, quota in pairs(fleet.quotas) do
  set('q:' .. name, quota.remaining, quota.limit, quota.window, quota.resetAt, quota.assumed)
  if quota.assumed == 0 then
    latest = math.max(latest, quota.resetAt)
    quotas[#quotas + 1] = { name, write(quota.remaining), write(quota.resetAt - now), write(quota.limit), write(quota.window) }
  end
end
for _, field in ipairs(fleet.gone) do redis.call('HDEL', KEYS[1], field) end
redis.call('HSET', KEYS[1], unpack(fields))
for name, other in pairs(fleet.moved and fleet.processes or {}) do
  local text = join(other.held, other.inFlight, other.units, other.demand, other.seenAt)
  redis.call('HSET', KEYS[1], 'p:' .. name, text)
end
local left = math.max(state.closedUntil - now, 0)
redis.call('PEXPIRE', KEYS[1], math.ceil(math.min(math.max(latest - now, 0) + STATE_TTL_MS, MAX_STATE_TTL_MS)))
local rate = state.open == 1 and adaptive.rateAt() or state.rate
local reply = { write(state.epoch), write(left), write(1 - state.open), write(sends), write(delay), write(interval),
  write(rate), write(lot), write(math.max(demand, 1) / demands), write(units),
  write(state.createdAt), write(state.version), write(math.max(state.quotaUntil - now, 0)) }
for _, quota in ipairs(quotas) do
  for _, text in ipairs(quota) do reply[#reply + 1] = text end
end
if isNews and channel ~= '' then
  redis.pcall('PUBLISH', channel, cjson.encode({ process, KEYS[1], reply }))
end
return reply
`;
