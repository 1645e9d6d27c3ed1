import type { Clock } from '../../../domain/base/clock.ts'
import {
  type DeviceLoginStore,
  type DevicePoll,
  POLL_INTERVAL_MS,
} from '../../../domain/records/device-login.ts'
import type { RedisConnection } from '../link/connection.ts'
import { redisScript } from '../link/script.ts'

/** ARGV: the hash of the device's secret, what it asked, the interval and the life in milliseconds. */
const ADD = redisScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'device', ARGV[1], 'asked', ARGV[2], 'interval', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`)

const FIND = redisScript(`return redis.call('HMGET', KEYS[1], 'device', 'asked', 'decision')`)

/** ARGV: the decision. The life stays. */
const DECIDE = redisScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSETNX', KEYS[1], 'decision', ARGV[1])`)

/** ARGV: the hash of the device's secret, the time now, and by how much an interval grows. */
const POLL = redisScript(`
local found = redis.call('HMGET', KEYS[1], 'device', 'decision', 'interval', 'polled')
if found[1] ~= ARGV[1] then return {'unknown'} end
if found[2] then
  redis.call('DEL', KEYS[1])
  return {'decided', found[2]}
end
local since = tonumber(ARGV[2]) - (tonumber(found[4] or '') or -1e15)
redis.call('HSET', KEYS[1], 'polled', ARGV[2])
-- The clock of the node that was asked before may be ahead; one that is far off was set back.
if math.abs(since) >= tonumber(found[3]) then return {'pending'} end
redis.call('HINCRBY', KEYS[1], 'interval', ARGV[3])
return {'slow-down'}`)

/** Device sign-ins shared by all nodes through Redis, which gets only hashes and sealed texts. */
export function createRedisDeviceLogins(deps: {
  redis: Pick<RedisConnection, 'run'>
  keyPrefix: string
  now: Clock
}): DeviceLoginStore {
  const { redis, now } = deps
  const keysOf = (codeHash: string) => [`${deps.keyPrefix}device:${codeHash}`]
  return {
    async add({ codeHash, deviceHash, asked }, forMs) {
      const args = [deviceHash, asked, POLL_INTERVAL_MS, Math.ceil(forMs)]
      return (await redis.run(ADD, keysOf(codeHash), args)) === 1
    },
    async byCode(codeHash) {
      const [deviceHash, asked, decision] = (await redis.run(FIND, keysOf(codeHash), [])) as (string | null)[]
      if (!deviceHash || !asked) return undefined
      return { codeHash, deviceHash, asked, isDecided: decision != null }
    },
    async decide(codeHash, decision) {
      return (await redis.run(DECIDE, keysOf(codeHash), [decision])) === 1
    },
    async poll({ codeHash, deviceHash }) {
      const args = [deviceHash, now(), POLL_INTERVAL_MS]
      const [kind, decision = ''] = (await redis.run(POLL, keysOf(codeHash), args)) as string[]
      return kind === 'decided' ? { kind, decision } : ({ kind } as DevicePoll)
    },
  }
}
