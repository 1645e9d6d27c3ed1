import { hashSecret } from '../../../domain/base/secrets.ts'
import type { OnceStore } from '../../../domain/records/once.ts'
import type { RedisConnection } from '../link/connection.ts'
import { redisScript } from '../link/script.ts'

/** ARGV: milliseconds. */
const CLAIM = redisScript(`
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 1 end
return 0`)

/** One-time entries shared by all nodes through Redis, which gets only hashes. */
export function createRedisOnce(deps: { redis: Pick<RedisConnection, 'run'>; keyPrefix: string }): OnceStore {
  return {
    async claim(what, forMs) {
      const key = `${deps.keyPrefix}once:${hashSecret(what)}`
      return (await deps.redis.run(CLAIM, [key], [Math.ceil(forMs)])) === 1
    },
  }
}
