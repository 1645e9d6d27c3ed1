/** The one connection to the master, replaced whenever it is lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ErrorReply } from '@redis/client'
import type { Log } from '../../../domain/base/log.ts'
import type { RedisAccess } from './address.ts'
import { redisAway, UnsuitableRedisError } from './failure.ts'
import { type Link, openLink, type RedisReply } from './link.ts'
import { createReplicaWait } from './replica-wait.ts'
import type { RedisScript } from './script.ts'
import { findMaster, type Sentinels } from './sentinels.ts'
import { inspect } from './server.ts'

export interface RedisOptions {
  /** With Sentinels its host and port are ignored. */
  readonly access: RedisAccess
  readonly sentinels?: Sentinels
  readonly keyPrefix: string
  /** The longest that connecting, and each command, may take. */
  readonly timeoutMs: number
  readonly log: Log
  /**
   * Called for each new connection before it carries commands, with the server's id as in `RedisState`. If it
   * rejects, the connection is dropped and another one follows.
   */
  readonly onConnected?: (serverID: string) => Promise<void>
}

/** `serverID` changes with the process of the master and with the history of its data; it is at most 81 letters. */
export type RedisState =
  | { readonly connected: true; readonly serverID: string }
  | { readonly connected: false; readonly problem: string }

/** Every failure is `unavailable`. No call waits for a missing connection. */
export interface RedisConnection {
  /**
   * Runs a script on the master. Calls in the same turn of the event loop are sent together. The script may have run
   * although the call fails.
   *
   * @param on the server on which it must run, otherwise it is `unavailable`; without it: whichever is connected
   */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
    on?: string,
  ): Promise<RedisReply>
  /** Waits until `replicas` have everything written before. Returns how many have, within the time. */
  waitForReplicas(count: number, timeoutMs: number): Promise<number>
  state(): RedisState
  /** Drops this connection and looks for the master again. */
  drop(reason: string): void
  close(): Promise<void>
}

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 1000

/**
 * Waits only for the first attempt; if that fails, it keeps trying until `close`. Rejects with UnsuitableRedisError
 * for a server with which Sluice cannot work.
 */
export async function connectRedis(options: RedisOptions): Promise<RedisConnection> {
  const { timeoutMs, log } = options
  const closing = new AbortController()
  const limits = { timeoutMs, signal: closing.signal }
  const replicaWait = createReplicaWait(options.keyPrefix)
  const firstAttempt = Promise.withResolvers<void>()
  let current: (Link & { readonly serverID: string }) | undefined
  let access = options.access
  let problem: Error = new Error('Redis was not connected yet')
  let warned: string | undefined

  async function open() {
    if (options.sentinels) access = { ...access, ...(await findMaster(options.sentinels, limits)) }
    const link = await openLink(access, limits)
    try {
      const { serverID, warning } = await inspect(link)
      if (warning !== undefined && warning !== warned) log.warn(warning)
      warned = warning
      const decided = options.onConnected?.(serverID)
      await Promise.race([decided, link.lost.then((reason) => Promise.reject(reason))])
      return { ...link, serverID }
    } catch (error) {
      link.lose(error as Error)
      throw error
    }
  }

  async function keepConnected(): Promise<void> {
    for (let delayMs = FIRST_DELAY_MS; !closing.signal.aborted; ) {
      try {
        current = await open()
        delayMs = FIRST_DELAY_MS
        log.info('connected to Redis', { host: access.host, port: access.port })
        firstAttempt.resolve()
        const reason = await current.lost
        current = undefined
        problem = reason
        if (!closing.signal.aborted) log.warn('lost the connection to Redis', { reason: reason.message })
      } catch (error) {
        // Logged once for each reason, since it retries several times a second.
        const failure = described(error)
        if (failure.message !== problem.message && !closing.signal.aborted) {
          log.warn('Redis cannot be reached', { reason: failure.message })
        }
        problem = failure
        if (error instanceof UnsuitableRedisError) firstAttempt.reject(error)
        else firstAttempt.resolve()
      }
      // Jitter, so that not all nodes reconnect at the same moment.
      await sleep(delayMs * (0.5 + Math.random() / 2), undefined, closing).catch(() => undefined)
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    }
  }

  function linkOn(serverID: string | undefined) {
    const link = current
    if (!link || link.isLost()) throw redisAway(problem)
    if (serverID === undefined || serverID === link.serverID) return link
    throw redisAway(new Error('the master of Redis is another one by now'))
  }

  async function close(): Promise<void> {
    closing.abort()
    await running
  }

  const running = keepConnected()
  await firstAttempt.promise.catch(async (error) => {
    await close()
    throw error
  })

  return {
    async run({ source, sha }, keys, args, on) {
      const link = linkOn(on)
      const rest = [String(keys.length), ...keys, ...args.map(String)]
      try {
        return await link.send(['EVALSHA', sha, ...rest]).catch((error) => {
          if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error
          return link.send(['EVAL', source, ...rest])
        })
      } catch (error) {
        throw redisAway(error)
      }
    },
    async waitForReplicas(count, waitMs) {
      const link = linkOn(undefined)
      try {
        return await replicaWait(link, () => openLink(access, limits), { count, waitMs, timeoutMs })
      } catch (error) {
        throw redisAway(error)
      }
    },
    state: () =>
      current && !current.isLost()
        ? { connected: true, serverID: current.serverID }
        : { connected: false, problem: problem.message },
    drop: (reason) => current?.lose(new Error(reason)),
    close,
  }
}

/** An attempt at several addresses of one name fails without any message. */
function described(error: unknown): Error {
  if (error instanceof Error && error.message !== '') return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason was given'
  return new Error(`connecting failed: ${code}`, { cause: error })
}
