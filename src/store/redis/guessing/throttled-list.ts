import type { Clock } from '../../../domain/base/clock.ts'
import type { ID } from '../../../domain/base/id.ts'
import {
  MOST_THROTTLED,
  type ThrottledAddress,
  type ThrottledList,
} from '../../../domain/guessing/throttled-list.ts'
import { createThrottledList } from '../../memory/throttled-list.ts'
import type { RedisConnection } from '../link/connection.ts'
import { redisScript } from '../link/script.ts'

/** Long enough that a quick guesser does not cost a request to Redis for each attempt. */
const TOLD_AFTER_MS = 500

/**
 * Adds throttled keys to a sorted set. A member is `scope address user key`, with `-` for no user; its score is the
 * time at which its wait ends. ARGV: the most members, the time at which the longest of these waits ends, then score
 * and member of each.
 */
const TELL = redisScript(`
for i = 3, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'GT', ARGV[i], ARGV[i + 1]) end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[1]))
local ends = tonumber(redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(ends - tonumber(ARGV[2]), 1)))`)

/** ARGV: the time now. */
const READ = redisScript(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1, 'REV', 'WITHSCORES')`)

/** Removes the entries of a key. ARGV: the key. */
const REMOVE = redisScript(`
for _, entry in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(entry, -#ARGV[1] - 1) == ' ' .. ARGV[1] then redis.call('ZREM', KEYS[1], entry) end
end`)

/**
 * The list of all nodes that share the Redis. Entries that could not be written while Redis was unreachable are
 * missing.
 */
export function createRedisThrottledList(deps: {
  redis: Pick<RedisConnection, 'run'>
  keyPrefix: string
  now: Clock
  limit?: number
}): ThrottledList {
  const { redis, keyPrefix, now, limit = MOST_THROTTLED } = deps
  const listKey = `${keyPrefix}throttled`
  let untold: ThrottledList | undefined

  async function tell(): Promise<void> {
    const told = await untold?.list()
    untold = undefined
    if (!told?.length) return
    const args = told.flatMap(({ until, ...each }) => [until, written(each)])
    await redis.run(TELL, [listKey], [limit, now(), ...args])
  }

  return {
    note(throttled) {
      if (!untold) {
        untold = createThrottledList({ now, limit })
        setTimeout(() => tell().catch(() => undefined), TOLD_AFTER_MS).unref()
      }
      untold.note(throttled)
    },
    async list() {
      await tell()
      const reply = (await redis.run(READ, [listKey], [now()])) as string[]
      const all = Array.from({ length: reply.length / 2 }, (_, index) => {
        return read(reply[index * 2] ?? '', Number(reply[index * 2 + 1]))
      })
      return all.filter(isPossible)
    },
    async remove(key) {
      await tell()
      await redis.run(REMOVE, [listKey], [key])
    },
  }
}

function written({ scope, address, userID = '-' as ID, key }: Omit<ThrottledAddress, 'until'>): string {
  return `${scope} ${address} ${userID} ${key}`
}

/** Nodes of earlier versions write only `scope address`. */
function read(entry: string, until: number): ThrottledAddress {
  const [scope, address, userID = '-', key] = entry.split(' ')
  const user = /^[0-9a-f]{16}$/.test(userID) ? { userID: userID as ID } : {}
  return { address, scope, key, until, ...user } as ThrottledAddress
}

const SCOPES: ReadonlySet<string> = new Set<ThrottledAddress['scope']>(['pair', 'user', 'address', 'token'])

/** Other programs may write to Redis. Malformed entries are left out, so that no request fails. */
function isPossible({ address, scope, until }: ThrottledAddress): boolean {
  return SCOPES.has(scope) && Boolean(address) && !Number.isNaN(new Date(until).getTime())
}
