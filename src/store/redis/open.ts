/** Redis as several nodes use it: sessions, stamps and counters on one connection. */
import { readFileSync } from 'node:fs'
import type { Log } from '../../domain/base/log.ts'
import type { Fence } from '../../domain/cluster/fence.ts'
import type { Session } from '../../domain/records/session.ts'
import { createRedisGuessCounters } from './guessing/guess-counters.ts'
import { createRedisThrottledList } from './guessing/throttled-list.ts'
import { parseHostAndPort, parseRedisUrl, type RedisAccess } from './link/address.ts'
import { connectRedis } from './link/connection.ts'
import { createRedisDeviceLogins } from './once/device-logins.ts'
import { createRedisOnce } from './once/once.ts'
import type { SessionMac } from './sessions/session-mac.ts'
import { createRedisSessionStore } from './sessions/session-store.ts'
import { createStamps } from './sessions/stamps.ts'

export interface RedisChoice {
  readonly redisUrl: string | undefined
  readonly redisPasswordFile: string | undefined
  readonly redisCaFile: string | undefined
  /** `host:port` of each. */
  readonly redisSentinels: readonly string[]
  readonly redisSentinelMaster: string
  readonly redisSentinelPasswordFile: string | undefined
  readonly redisKeyPrefix: string
  readonly redisWaitReplicas: number
  /** Milliseconds. */
  readonly storeTimeout: number
}

/** How long a new session waits for replicas at the most. */
const REPLICAS_MS = 500

/**
 * Connects, or keeps trying. Rejects with UnsuitableRedisError for a Redis with which Sluice cannot work.
 *
 * @param onConnected is called for each new connection, before it is used
 */
export async function openRedis(
  choice: RedisChoice,
  deps: { log: Log; now: () => number; onConnected: (serverID: string) => Promise<void> },
) {
  const { log, now } = deps
  const { redisKeyPrefix: prefix, redisWaitReplicas: replicas } = choice
  const redis = await connectRedis({
    ...whereabouts(choice),
    ...{ keyPrefix: prefix, timeoutMs: choice.storeTimeout, log, onConnected: deps.onConnected },
  })
  return {
    redis,
    stamps: createStamps({ redis, keyPrefix: prefix, now }),
    counters: createRedisGuessCounters({ redis, keyPrefix: prefix, now }),
    throttled: createRedisThrottledList({ redis, keyPrefix: prefix, now }),
    once: createRedisOnce({ redis, keyPrefix: prefix }),
    deviceLogins: createRedisDeviceLogins({ redis, keyPrefix: prefix, now }),
    createSessions: (more: {
      fence: Pick<Fence, 'sessionStoreID' | 'tag'>
      mac: SessionMac
      lastEnd: (session: Session) => number
      onExpired?: (session: Session) => void
      onForged: () => void
    }) =>
      createRedisSessionStore({
        ...{ redis, prefix, now, log, ...more },
        async replicated() {
          if (replicas > 0) await redis.waitForReplicas(replicas, REPLICAS_MS)
        },
      }),
  }
}

function whereabouts(choice: RedisChoice) {
  const { secure, ...found } = parseRedisUrl(choice.redisUrl ?? 'redis://by-sentinel')
  const password = secretOf(choice.redisPasswordFile)
  const tls = secure
    ? { tls: choice.redisCaFile ? { ca: readFileSync(choice.redisCaFile, 'utf8') } : {} }
    : {}
  const access: RedisAccess = { ...found, ...tls, ...(password === undefined ? {} : { password }) }
  if (choice.redisSentinels.length === 0) return { access }
  const sentinelPassword = secretOf(choice.redisSentinelPasswordFile)
  return {
    access,
    sentinels: {
      addresses: choice.redisSentinels.flatMap((each) => parseHostAndPort(each) ?? []),
      master: choice.redisSentinelMaster,
      ...tls,
      ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
    },
  }
}

/**
 * Reads the file now, so that a start without it fails, and again at each connection, so that the secret can be
 * changed.
 */
function secretOf(file: string | undefined): (() => string) | undefined {
  if (!file) return undefined
  const read = () => readFileSync(file, 'utf8').trimEnd()
  read()
  return read
}
