/**
 * The rules of `domain/guessing/tally.ts` in Lua, so that deciding and counting are one step for all nodes.
 *
 * Under each claim's key there are two:
 * - the tally, a hash: `failures`, and when the `first` and the `last` of them came;
 * - the places, a sorted set: each try in flight by the end of its lease, so that those of a dead node become free.
 */
import { redisScript } from '../link/script.ts'

/** Clocks of nodes differ by less than this. A larger step back means that the clock was set back. */
const LARGEST_DIFFERENCE_MS = 60_000

/**
 * A claim is six texts: free, window, first and longest delay (empty without), exempt (0 or 1), and whether it is of a
 * user (0 or 1).
 */
const SHARED = `
local function text(number) return string.format('%.0f', number) end

local function delay(c)
  if not c.first_delay or c.failures < c.free then return 0 end
  return math.min(c.first_delay * 2 ^ (c.failures - c.free), c.longest_delay)
end

local function forgotten_at(c)
  if c.first_delay then return c.window + c.last + delay(c) end
  return c.window + c.first
end

local function save(c)
  if c.failures == 0 then
    redis.call('DEL', c.tally)
    return
  end
  redis.call('HSET', c.tally, 'failures', text(c.failures), 'first', text(c.first), 'last', text(c.last))
  redis.call('PEXPIRE', c.tally, text(forgotten_at(c) - c.at + ${LARGEST_DIFFERENCE_MS}))
end

-- A time a little below the last one comes from another node, and counts as the last one. One far below comes from a
-- clock that was set back, which must not make a delay longer than it is.
local function bring_up_to(c, at)
  c.at = at
  if c.failures == 0 then return end
  local back = c.last - at
  if back > ${LARGEST_DIFFERENCE_MS} then
    c.first, c.last = c.first - back, at
    save(c)
  elseif back > 0 then
    c.at = c.last
  end
  if c.at >= forgotten_at(c) then c.failures = 0 end
end

local function claims_from(position, at)
  local claims = {}
  for i = 1, #KEYS / 2 do
    local a = position + (i - 1) * 6
    local c = {
      tally = KEYS[i * 2 - 1], places = KEYS[i * 2],
      free = tonumber(ARGV[a]), window = tonumber(ARGV[a + 1]),
      first_delay = tonumber(ARGV[a + 2]), longest_delay = tonumber(ARGV[a + 3]),
    exempt = ARGV[a + 4] == '1', user = ARGV[a + 5] == '1',
    }
    local kept = redis.call('HMGET', c.tally, 'failures', 'first', 'last')
    c.failures, c.first, c.last = tonumber(kept[1] or 0), tonumber(kept[2] or 0), tonumber(kept[3] or 0)
    bring_up_to(c, at)
    claims[i] = c
  end
  return claims
end
`

/**
 * Takes a place under every claim or says why not: `place`, and 1 if it is calm; `throttled`, by which claim, for how many milliseconds;
 * or `full` and at which claim tries in flight are in the way.
 *
 * KEYS: two for each claim. ARGV: at, the place's id, the lease in milliseconds, then six for each claim.
 */
export const RESERVE = redisScript(`${SHARED}
local at, place, lease = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])

local function held_back(c)
  if c.failures < c.free then return 0 end
  local from = c.first_delay and c.last + delay(c) or forgotten_at(c)
  return math.max(from - c.at, 0)
end

local function has_place(c)
  redis.call('ZREMRANGEBYSCORE', c.places, '-inf', text(at))
  local taken = redis.call('ZCARD', c.places)
  if c.failures < c.free then return c.failures + taken < c.free end
  return taken == 0
end

local claims = claims_from(4, at)
local by, retry_after, full = 0, 0, 0
for i, c in ipairs(claims) do
  if not c.exempt then
    local held = held_back(c)
    if held > retry_after then by, retry_after = i, held end
    if not has_place(c) and full == 0 then full = i end
  end
end
if by > 0 then return { 'throttled', by, retry_after } end
if full > 0 then return { 'full', full } end
local calm = 1
for _, c in ipairs(claims) do
  if c.failures > 0 or (c.user and redis.call('ZCARD', c.places) > 0) then calm = 0 end
  redis.call('ZADD', c.places, text(at + lease), place)
  redis.call('PEXPIRE', c.places, text(lease))
end
return { 'place', calm }`)

/** Frees the places and counts the outcome. ARGV: at, the place's id, the outcome, then six for each claim. */
export const SETTLE = redisScript(`${SHARED}
local place, outcome = ARGV[2], ARGV[3]
for _, c in ipairs(claims_from(4, tonumber(ARGV[1]))) do
  redis.call('ZREM', c.places, place)
  if outcome == 'right' and c.first_delay then c.failures = 0 end
  if outcome == 'wrong' then
    if c.failures == 0 then c.first = c.at end
    c.last = c.at
    c.failures = c.failures + 1
  end
  save(c)
end`)

/** Forgets the failures under a key. KEYS: its tally. */
export const FORGET = redisScript(`redis.call('DEL', KEYS[1])`)

/** Renews the places, and takes them again if they were lost. ARGV: at, the place's id, the lease. */
export const RENEW = redisScript(`
for i = 2, #KEYS, 2 do
  redis.call('ZADD', KEYS[i], string.format('%.0f', ARGV[1] + ARGV[3]), ARGV[2])
  redis.call('PEXPIRE', KEYS[i], ARGV[3])
end`)
