/** Sessions in Redis, which several nodes share. */
import { randomBytes } from 'node:crypto'
import type { Log } from '../../../domain/base/log.ts'
import { andThen, type MaybePromise } from '../../../domain/base/maybe-promise.ts'
import type { Fence } from '../../../domain/cluster/fence.ts'
import type { Session, SessionStore } from '../../../domain/records/session.ts'
import type { RedisConnection } from '../link/connection.ts'
import type { RedisScript } from '../link/script.ts'
import type { SessionMac } from './session-mac.ts'
import {
  ADDED,
  coveredText,
  macOf,
  type RecordValues,
  sessionOf,
  valuesOf,
  written,
} from './session-record.ts'
import {
  ADD,
  COUNT,
  FIND,
  LIST,
  LIST_SOME,
  REMOVE,
  REMOVE_OF_USER,
  REMOVE_SOME,
  SWEEP,
  USE,
} from './session-scripts.ts'

const SWEEP_MS = 1000
/** How many sessions one step looks at: Redis does nothing else meanwhile, for about a millisecond. */
const BATCH = 500

export function createRedisSessionStore(deps: {
  redis: Pick<RedisConnection, 'run'>
  prefix: string
  now: () => number
  log: Log
  fence: Pick<Fence, 'sessionStoreID' | 'tag'>
  mac: SessionMac
  /** The latest expiry that use can give a session. */
  lastEnd: (session: Session) => number
  /** Called for each record without a valid MAC, which counts as absent. */
  onForged: () => void
  /** Called by one of the nodes for every expired session. Without it this node does not look for them. */
  onExpired?: (session: Session) => void
  /** Waits until replicas have a new session, if the settings ask for it. */
  replicated?: () => Promise<void>
}): SessionStore {
  const { prefix, now, log, fence, mac } = deps
  const run = (script: RedisScript, ...args: (string | number)[]) =>
    deps.redis.run(script, [], [prefix, ...args])
  let sweeping: Promise<void> | undefined

  async function sweep(): Promise<void> {
    for (let looked = BATCH; looked === BATCH; ) {
      const [count, ended] = (await run(SWEEP, now(), BATCH)) as [number, [string, RecordValues][]]
      // The expired sessions are already removed; one that cannot be verified now must not prevent the audit events
      // of the others.
      const read = await Promise.allSettled(ended.map(readOne))
      for (const each of read) if (each.status === 'fulfilled' && each.value) deps.onExpired?.(each.value)
      looked = count
    }
  }

  function read(keyHash: string, values: RecordValues): MaybePromise<Session | undefined> {
    const admit = (isGenuine: boolean) => {
      const session = isGenuine ? sessionOf(keyHash, values) : undefined
      if (!session) deps.onForged()
      return session
    }
    return andThen(mac.verify(coveredText(keyHash, values), macOf(values)), admit)
  }

  async function readOne([keyHash, values]: [string, RecordValues]): Promise<Session | undefined> {
    return read(keyHash, values)
  }

  const sweepNow = () => {
    sweeping ??= sweep()
      .catch((error: Error) => log.warn('ended sessions cannot be swept', { cause: error.message }))
      .finally(() => {
        sweeping = undefined
      })
  }
  const timer = deps.onExpired && setInterval(sweepNow, SWEEP_MS)
  timer?.unref()

  return {
    async add(session) {
      const { keyHash, userID, createdAt, expiresAt } = session
      const values = valuesOf(session, deps.lastEnd(session))
      const signed = mac.sign(coveredText(keyHash, values))
      await run(ADD, keyHash, userID, createdAt, expiresAt, ...written(values, signed))
      await deps.replicated?.()
    },
    async find(keyHash) {
      const values = (await run(FIND, keyHash)) as RecordValues | null
      return values ? read(keyHash, values) : undefined
    },
    async use(keyHash, { at, lengthMs, longestMs, cookieAgeMs }) {
      const newStamp = randomBytes(9).toString('base64url')
      const from = fence.sessionStoreID()
      const args = [prefix, keyHash, at, lengthMs ?? '', longestMs, cookieAgeMs, newStamp]
      const values = (await deps.redis.run(USE, [], args, from)) as RecordValues | null
      if (!values) return undefined
      const session = await read(keyHash, values)
      if (!session) return undefined
      const stamp = values[ADDED + 1] || undefined
      return {
        session,
        sendCookie: values[ADDED] === '1',
        stamp: stamp === undefined || from === undefined ? null : fence.tag(stamp, from),
      }
    },
    remove: async (keyHash) => (await run(REMOVE, keyHash)) === 1,
    async ofUser(userID) {
      const listed = (await run(LIST, userID)) as [string, RecordValues][]
      // Another program may have added another user's genuine session to the list.
      const sessions = await Promise.all(listed.map(readOne))
      return sessions.filter((session) => session?.userID === userID) as Session[]
    },
    async some(limit) {
      // A map by hash, because a session whose place in the order changes meanwhile is read twice.
      const found = new Map<string, Session>()
      for (let looked = BATCH, offset = 0; looked === BATCH && found.size < limit; offset += BATCH) {
        const [count, listed] = (await run(LIST_SOME, offset, BATCH)) as [number, [string, RecordValues][]]
        for (const session of await Promise.all(listed.map(readOne))) {
          if (session && found.size < limit) found.set(session.keyHash, session)
        }
        looked = count
      }
      return [...found.values()]
    },
    removeOfUser: async (userID, { before, except }) =>
      Number(await run(REMOVE_OF_USER, userID, except ?? '', before)),
    async removeAll(before) {
      let removed = 0
      for (let looked = BATCH, offset = 0; looked === BATCH; ) {
        const [count, some] = (await run(REMOVE_SOME, before, offset, BATCH)) as [number, number]
        removed += some
        offset += count - some
        looked = count
      }
      return removed
    },
    async count() {
      return Number(await run(COUNT))
    },
    async close() {
      clearInterval(timer)
      await sweeping
    },
  }
}
