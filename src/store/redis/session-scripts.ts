/**
 * What is done with sessions in Redis, each as one script and so in one step. They read keys that they compute,
 * which is why a Redis Cluster is not supported.
 *
 * A session is a hash. `due` holds every session by the time at which to look whether it has ended: a use does
 * not move it there, sweeping files those anew that live on. `of:USER` holds a user's by when they began.
 *
 * ARGV[1] is always the prefix of all keys.
 */
import { redisScript } from './script.ts'
import { STAMP_LUA } from './stamp-script.ts'

const FIELDS = `'user','org','created','used','expires','cookieSent','address','agent','remembered','instanceGeneration','userGeneration'`

/** ARGV: prefix, hash, session's fields and values. */
export const ADD = redisScript(`
local p, hash = ARGV[1], ARGV[2]
local key = p .. 's:' .. hash
redis.call('DEL', key)
local values = {}
for i = 3, #ARGV do values[#values + 1] = ARGV[i] end
redis.call('HSET', key, unpack(values))
local of = redis.call('HMGET', key, 'user', 'created', 'expires')
redis.call('ZADD', p .. 'of:' .. of[1], of[2], hash)
redis.call('ZADD', p .. 'due', of[3], hash)
return 1`)

/** ARGV: prefix, hash. The values of the fields in their order; none where there is no session. */
export const FIND = redisScript(`
local found = redis.call('HMGET', ARGV[1] .. 's:' .. ARGV[2], ${FIELDS})
if not found[1] then return false end
return found`)

/**
 * The session after this use, and its user's stamp. The rule is that of src/domain/sessions/session-terms.ts,
 * which the conformance suite holds it against.
 *
 * ARGV: prefix, hash, at, length (or '' where use moves nothing), longest, cookieAge, a new random stamp.
 */
export const USE = redisScript(`
${STAMP_LUA}
local p, at = ARGV[1], tonumber(ARGV[3])
local key = p .. 's:' .. ARGV[2]
local found = redis.call('HMGET', key, ${FIELDS})
if not found[1] then return false end
local created, expires = tonumber(found[3]), tonumber(found[5])
local sent = '0'
if expires > at then
  found[4] = ARGV[3]
  local changes = { 'used', ARGV[3] }
  if ARGV[4] ~= '' and found[9] ~= '1' then
    local length, longest, cookieSent = tonumber(ARGV[4]), created + tonumber(ARGV[5]), tonumber(found[6])
    local moved = math.max(expires, math.min(at + length, longest))
    if moved > expires then
      found[5] = string.format('%.0f', moved)
      changes[3], changes[4] = 'expires', found[5]
    end
    if moved > math.min(cookieSent + length, longest) and at - cookieSent >= tonumber(ARGV[6]) then
      sent, found[6] = '1', ARGV[3]
      changes[#changes + 1], changes[#changes + 2] = 'cookieSent', found[6]
    end
  end
  redis.call('HSET', key, unpack(changes))
end
found[12] = sent
found[13] = read_stamp(p .. 'stamp:' .. found[1], ARGV[7], at) or ''
return found`)

const DROP = `
local function drop(p, hash)
  local user = redis.call('HGET', p .. 's:' .. hash, 'user')
  redis.call('ZREM', p .. 'due', hash)
  if not user then return 0 end
  redis.call('ZREM', p .. 'of:' .. user, hash)
  return redis.call('DEL', p .. 's:' .. hash)
end
`

/** ARGV: prefix, hash. */
export const REMOVE = redisScript(`${DROP}
return drop(ARGV[1], ARGV[2])`)

/** ARGV: prefix, user. The newest first: hash, then fields, of each. */
export const LIST = redisScript(`
local p, listed = ARGV[1], {}
for _, hash in ipairs(redis.call('ZRANGE', p .. 'of:' .. ARGV[2], '+inf', '-inf', 'BYSCORE', 'REV')) do
  local found = redis.call('HMGET', p .. 's:' .. hash, ${FIELDS})
  if found[1] then listed[#listed + 1] = { hash, found } end
end
return listed`)

/** ARGV: prefix, user, the hash to leave or '', the user's generation from which on they stay. */
export const REMOVE_OF_USER = redisScript(`${DROP}
local p, removed = ARGV[1], 0
for _, hash in ipairs(redis.call('ZRANGE', p .. 'of:' .. ARGV[2], 0, -1)) do
  local generation = tonumber(redis.call('HGET', p .. 's:' .. hash, 'userGeneration') or -1)
  if hash ~= ARGV[3] and generation < tonumber(ARGV[4]) then removed = removed + drop(p, hash) end
end
return removed`)

/**
 * Of the sessions that come at \`offset\`, removes those of generations of the instance before this one.
 *
 * ARGV: prefix, the generation, offset, how many. How many were looked at, and how many of those were removed.
 */
export const REMOVE_SOME = redisScript(`${DROP}
local p, removed = ARGV[1], 0
local hashes = redis.call('ZRANGE', p .. 'due', ARGV[3], ARGV[3] + ARGV[4] - 1)
for _, hash in ipairs(hashes) do
  local generation = tonumber(redis.call('HGET', p .. 's:' .. hash, 'instanceGeneration') or -1)
  if generation < tonumber(ARGV[2]) then removed = removed + drop(p, hash) end
end
return { #hashes, removed }`)

/** ARGV: prefix, at, how many at the most. How many were looked at, and those that have ended, as \`LIST\`. */
export const SWEEP = redisScript(`${DROP}
local p, at, ended = ARGV[1], tonumber(ARGV[2]), {}
local hashes = redis.call('ZRANGE', p .. 'due', '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, hash in ipairs(hashes) do
  local found = redis.call('HMGET', p .. 's:' .. hash, ${FIELDS})
  if found[1] and tonumber(found[5]) > at then
    redis.call('ZADD', p .. 'due', found[5], hash)
  else
    if found[1] then ended[#ended + 1] = { hash, found } end
    drop(p, hash)
  end
end
return { #hashes, ended }`)

/** ARGV: prefix. How many there are, ended ones too that were not swept yet. */
export const COUNT = redisScript(`return redis.call('ZCARD', ARGV[1] .. 'due')`)
