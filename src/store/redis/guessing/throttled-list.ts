import type { Clock } from '../../../domain/base/clock.ts'
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
 * A sorted set of `scope address` by until when. ARGV: how many there may be, until when the longest of these waits,
 * then two for each.
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
  const key = `${keyPrefix}throttled`
  let untold: ThrottledList | undefined

  async function tell(): Promise<void> {
    const told = await untold?.list()
    untold = undefined
    if (!told?.length) return
    const args = told.flatMap(({ scope, address, until }) => [until, `${scope} ${address}`])
    await redis.run(TELL, [key], [limit, now(), ...args])
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
      const reply = (await redis.run(READ, [key], [now()])) as string[]
      const all = Array.from({ length: reply.length / 2 }, (_, index) => {
        const [scope, address] = (reply[index * 2] ?? '').split(' ')
        return { address, scope, until: Number(reply[index * 2 + 1]) } as ThrottledAddress
      })
      return all.filter(isPossible)
    },
  }
}

const SCOPES: ReadonlySet<string> = new Set<ThrottledAddress['scope']>(['pair', 'user', 'address'])

/** Other programs may write to Redis. Malformed entries are left out, so that no request fails. */
function isPossible({ address, scope, until }: ThrottledAddress): boolean {
  return SCOPES.has(scope) && Boolean(address) && !Number.isNaN(new Date(until).getTime())
}
