/** For tests: a Redis, the one of the whole run or of this process, and connections to it that end with the tests. */
import { after } from 'node:test'
import { redisProgram, startRedis } from '../../scripts/engines/redis.mjs'
import { parseRedisUrl, type RedisAccess } from '../../src/store/redis/link/address.ts'
import {
  connectRedis,
  type RedisConnection,
  type RedisOptions,
} from '../../src/store/redis/link/connection.ts'

/** What to tell `node:test` where there is no Redis; with CI=true that is a failure, not a reason to skip. */
export const withoutRedis =
  process.env.SLUICE_TEST_REDIS_URL || redisProgram() || process.env.CI === 'true'
    ? {}
    : { skip: 'there is no Redis (Debian: apt-get install redis-server)' }

export const quiet = { info() {}, warn() {}, error() {} }

let shared: Promise<string> | undefined

async function start(): Promise<string> {
  if (process.env.SLUICE_TEST_REDIS_URL) return process.env.SLUICE_TEST_REDIS_URL
  // It ends with this process; a hook would end it with the test that asked first.
  return (await startRedis()).url
}

/** Where the Redis is that all tests share; each takes keys under a prefix of its own. */
export async function sharedRedis(): Promise<RedisAccess> {
  shared ??= start()
  return parseRedisUrl(await shared)
}

export const ownPrefix = () => `test:${crypto.randomUUID()}:`

/** A connection to the shared Redis, or to another one. */
export async function connected(
  options: Partial<RedisOptions> = {},
): Promise<RedisConnection & { keyPrefix: string }> {
  const keyPrefix = options.keyPrefix ?? ownPrefix()
  const access = options.access ?? (await sharedRedis())
  const connection = await connectRedis({ timeoutMs: 2000, log: quiet, ...options, access, keyPrefix })
  after(connection.close)
  return { ...connection, keyPrefix }
}
