/**
 * What is done with sessions in Redis, each as one script and so in one step. They read keys that they compute,
 * which is why a Redis Cluster is not supported.
 *
 * A session is a hash; `session-record.ts` says what its fields are. `due` holds every session by the time at which
 * to look whether it has ended: a use does not move it there, sweeping files those again that live on. `of:USER`
 * holds a user's by when they began.
 *
 * The node that asked checks what it gets. A script must only survive a record that something else wrote: it may
 * lack fields, hold texts for numbers, or be no hash at all.
 *
 * ARGV[1] is always the prefix of all keys.
 */
import { redisScript } from '../link/script.ts'
import { addedLua, FIELDS_LUA, fieldLua } from './session-record.ts'
import { STAMP_LUA } from './stamp-script.ts'

const EXPIRES = fieldLua('expires')
const COOKIE_SENT = fieldLua('cookieSent')

/**
 * `read_session(p, hash)`: the values of the fields in their order, or false if there is no session.
 * `drop(p, hash)`: removes it; 1 if there was one.
 */
const SESSION_LUA = `
local function read_session(p, hash)
  local found = redis.pcall('HMGET', p .. 's:' .. hash, ${FIELDS_LUA})
  -- It is no hash; what is no session of any node is not accepted, but can be removed.
  if found.err then return {} end
  if not ${fieldLua('user')} and not ${fieldLua('mac')} then return false end
  return found
end

local function drop(p, hash)
  local found = read_session(p, hash)
  redis.call('ZREM', p .. 'due', hash)
  if not found then return 0 end
  if ${fieldLua('user')} then redis.call('ZREM', p .. 'of:' .. ${fieldLua('user')}, hash) end
  return redis.call('DEL', p .. 's:' .. hash)
end
`

/** ARGV: prefix, hash, user, when it began, when it ends, then names and values of all fields. */
export const ADD = redisScript(`
local p, hash = ARGV[1], ARGV[2]
local key = p .. 's:' .. hash
redis.call('DEL', key)
redis.call('HSET', key, unpack(ARGV, 6))
redis.call('ZADD', p .. 'of:' .. ARGV[3], ARGV[4], hash)
redis.call('ZADD', p .. 'due', ARGV[5], hash)
return 1`)

/** ARGV: prefix, hash. The values of the fields in their order; none if there is no session. */
export const FIND = redisScript(`${SESSION_LUA}
return read_session(ARGV[1], ARGV[2])`)

/**
 * The session after this use; whether the cookie is to be sent again ('1'); its user's stamp ('' is none). The rule is
 * that of src/domain/sessions/session-terms.ts, which the conformance suite holds it against.
 *
 * ARGV: prefix, hash, at, length (or '' if use moves nothing), longest, cookieAge, a new random stamp.
 */
export const USE = redisScript(`
${STAMP_LUA}${SESSION_LUA}
local p, at = ARGV[1], tonumber(ARGV[3])
local found = read_session(p, ARGV[2])
if not found then return false end
local user, sent, stamp = ${fieldLua('user')}, '0', false
local created, expires = tonumber(${fieldLua('created')} or ''), tonumber(${EXPIRES} or '')
local cookieSent, lastEnd = tonumber(${COOKIE_SENT} or ''), tonumber(${fieldLua('lastEnd')} or '')
if created and expires and cookieSent and lastEnd and expires > at then
  ${fieldLua('used')} = ARGV[3]
  local changes = { 'used', ARGV[3] }
  if ARGV[4] ~= '' and ${fieldLua('remembered')} ~= '1' then
    local length, longest = tonumber(ARGV[4]), math.min(created + tonumber(ARGV[5]), lastEnd)
    local moved = math.max(expires, math.min(at + length, longest))
    if moved > expires then
      ${EXPIRES} = string.format('%.0f', moved)
      changes[3], changes[4] = 'expires', ${EXPIRES}
    end
    if moved > math.min(cookieSent + length, longest) and at - cookieSent >= tonumber(ARGV[6]) then
      sent, ${COOKIE_SENT} = '1', ARGV[3]
      changes[#changes + 1], changes[#changes + 2] = 'cookieSent', ARGV[3]
    end
  end
  redis.call('HSET', p .. 's:' .. ARGV[2], unpack(changes))
end
if user then stamp = read_stamp(p .. 'stamp:' .. user, ARGV[7], at) end
${addedLua(0)}, ${addedLua(1)} = sent, stamp or ''
return found`)

/** ARGV: prefix, hash. */
export const REMOVE = redisScript(`${SESSION_LUA}
return drop(ARGV[1], ARGV[2])`)

/** ARGV: prefix, user. The newest first: hash, then the values of the fields, of each. */
export const LIST = redisScript(`${SESSION_LUA}
local p, listed = ARGV[1], {}
for _, hash in ipairs(redis.call('ZRANGE', p .. 'of:' .. ARGV[2], '+inf', '-inf', 'BYSCORE', 'REV')) do
  local found = read_session(p, hash)
  if found then listed[#listed + 1] = { hash, found } end
end
return listed`)

/** ARGV: prefix, user, the hash to leave or '', the user's generation from which on they stay. */
export const REMOVE_OF_USER = redisScript(`${SESSION_LUA}
local p, removed = ARGV[1], 0
for _, hash in ipairs(redis.call('ZRANGE', p .. 'of:' .. ARGV[2], 0, -1)) do
  local found = read_session(p, hash)
  local generation = found and tonumber(${fieldLua('userGeneration')} or '') or -1
  if hash ~= ARGV[3] and generation < tonumber(ARGV[4]) then removed = removed + drop(p, hash) end
end
return removed`)

/**
 * Looks at a portion of all sessions, and removes those that an earlier generation of the instance began.
 *
 * ARGV: prefix, the current generation, the offset of the portion, its size. Returns how many sessions it looked at,
 * and how many of these it removed.
 */
export const REMOVE_SOME = redisScript(`${SESSION_LUA}
local p, removed = ARGV[1], 0
local hashes = redis.call('ZRANGE', p .. 'due', ARGV[3], ARGV[3] + ARGV[4] - 1)
for _, hash in ipairs(hashes) do
  local found = read_session(p, hash)
  local generation = found and tonumber(${fieldLua('instanceGeneration')} or '') or -1
  if generation < tonumber(ARGV[2]) then removed = removed + drop(p, hash) end
end
return { #hashes, removed }`)

/** ARGV: prefix, offset, the most sessions. Returns how many were looked at, and the sessions in the form of \`LIST\`. */
export const LIST_SOME = redisScript(`${SESSION_LUA}
local p, some = ARGV[1], {}
local hashes = redis.call('ZRANGE', p .. 'due', ARGV[2], ARGV[2] + ARGV[3] - 1)
for _, hash in ipairs(hashes) do
  local found = read_session(p, hash)
  if found then some[#some + 1] = { hash, found } end
end
return { #hashes, some }`)

/** ARGV: prefix, at, how many at the most. How many were looked at, and those that have ended, as \`LIST\`. */
export const SWEEP = redisScript(`${SESSION_LUA}
local p, at, ended = ARGV[1], tonumber(ARGV[2]), {}
local hashes = redis.call('ZRANGE', p .. 'due', '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, hash in ipairs(hashes) do
  local found = read_session(p, hash)
  local expires = found and tonumber(${EXPIRES} or '')
  -- No time that is written here is that far away: it would never be looked at again.
  if expires and expires > at and expires < 1e15 then
    redis.call('ZADD', p .. 'due', ${EXPIRES}, hash)
  else
    if found then ended[#ended + 1] = { hash, found } end
    drop(p, hash)
  end
end
return { #hashes, ended }`)

/** ARGV: prefix. How many there are, ended ones too that were not swept yet. */
export const COUNT = redisScript(`return redis.call('ZCARD', ARGV[1] .. 'due')`)
