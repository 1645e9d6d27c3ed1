/**
 * For tests: a Redis server, shared by the whole run or started by this process, and connections that close with the
 * tests.
 */
import { after } from 'node:test'
import { redisProgram, startRedis } from '../../scripts/engines/redis.ts'
import { parseRedisUrl, type RedisAccess } from '../../src/store/redis/link/address.ts'
import {
  connectRedis,
  type RedisConnection,
  type RedisOptions,
} from '../../src/store/redis/link/connection.ts'

/** The reason for `node:test` to skip if there is no Redis; with CI=true that is a failure instead. */
export const withoutRedis =
  process.env.TEST_REDIS_URL || redisProgram() || process.env.CI === 'true'
    ? {}
    : { skip: 'there is no Redis (Debian: apt-get install redis-server)' }

export const quiet = { info() {}, warn() {}, error() {} }

let shared: Promise<string> | undefined

async function start(): Promise<string> {
  if (process.env.TEST_REDIS_URL) return process.env.TEST_REDIS_URL
  // It stops with this process; a hook would stop it at the end of the first test that used it.
  return (await startRedis()).url
}

/** The address of the Redis shared by all tests; each test uses its own key prefix. */
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
