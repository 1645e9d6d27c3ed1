/**
 * Lua that scripts share: what a stamp is and how it is read.
 *
 * A stamp is a hash: `s` is its text, and each `m:ID` is the mark of a change under way, with the milliseconds
 * since 1970 at which it ends by itself.
 */

/** A day: a stamp that no request reads for this long is forgotten, and the next reader gets a new one. */
const TTL_MS = 24 * 3600_000
const RENEWED_BELOW_MS = TTL_MS - 3600_000

/**
 * `read_stamp(key, fresh, at)`: the text, or false while a change is under way. `fresh` is a text that was never
 * used before; it becomes the stamp if there is none, or if a mark ended by itself: the node cannot know whether
 * that change was made.
 *
 * `replace_stamp(key, fresh)`: from now on the stamp is another one.
 */
export const STAMP_LUA = `
local function replace_stamp(key, fresh)
  redis.call('HSET', key, 's', fresh)
  redis.call('PEXPIRE', key, ${TTL_MS})
end

local function read_stamp(key, fresh, at)
  local fields = redis.call('HGETALL', key)
  local stamp, marked, ended = false, false, false
  for i = 1, #fields, 2 do
    if fields[i] == 's' then
      stamp = fields[i + 1]
    elseif tonumber(fields[i + 1]) > at then
      marked = true
    else
      ended = true
      redis.call('HDEL', key, fields[i])
    end
  end
  if ended or not stamp then
    stamp = fresh
    replace_stamp(key, fresh)
  elseif redis.call('PTTL', key) < ${RENEWED_BELOW_MS} then
    redis.call('PEXPIRE', key, ${TTL_MS})
  end
  if marked then return false end
  return stamp
end
`
