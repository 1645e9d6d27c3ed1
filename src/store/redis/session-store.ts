/** Sessions in Redis, which several nodes share. */
import { randomBytes } from 'node:crypto'
import type { Fence } from '../../domain/cluster/fence.ts'
import type { Log } from '../../domain/log.ts'
import type { MaybePromise } from '../../domain/maybe-promise.ts'
import type { Session, SessionStore } from '../../domain/sessions/session.ts'
import type { RedisConnection } from './connection.ts'
import type { RedisScript } from './script.ts'
import type { SessionMac } from './session-mac.ts'
import {
  coveredText,
  fieldsFrom,
  fieldsOf,
  macOf,
  type RecordFields,
  sessionOf,
  written,
} from './session-record.ts'
import { ADD, COUNT, FIND, LIST, REMOVE, REMOVE_OF_USER, REMOVE_SOME, SWEEP, USE } from './session-scripts.ts'

const SWEEP_MS = 1000
/** So many sessions are looked at in one step: Redis does nothing else meanwhile, for about a millisecond. */
const BATCH = 500

/** Names and values in turn. */
type Flat = readonly string[]

export function createRedisSessionStore(deps: {
  redis: Pick<RedisConnection, 'run'>
  prefix: string
  now: () => number
  log: Log
  fence: Pick<Fence, 'sessionStoreID' | 'tag'>
  mac: SessionMac
  /** When a session ends at the latest, whatever use makes of it. */
  lastEnd: (session: Session) => number
  /** Told of each record that no node wrote, or that something else altered. It counts as absent. */
  onForged: () => void
  /** Told of every session that has run out, by one of the nodes. Without it this one does not look for them. */
  onExpired?: (session: Session) => void
  /** Waits until a new session is not only where it was written, as far as that is wanted. */
  replicated?: () => Promise<void>
}): SessionStore {
  const { prefix, now, log, fence, mac } = deps
  const run = (script: RedisScript, ...args: (string | number)[]) =>
    deps.redis.run(script, [], [prefix, ...args])
  let sweeping: Promise<void> | undefined

  async function sweep(): Promise<void> {
    for (let looked = BATCH; looked === BATCH; ) {
      const [count, ended] = (await run(SWEEP, now(), BATCH)) as [number, [string, Flat][]]
      // They are removed already: one that cannot be verified now must not cost the others their audit event.
      const read = await Promise.allSettled(ended.map(readOne))
      for (const each of read) if (each.status === 'fulfilled' && each.value) deps.onExpired?.(each.value)
      looked = count
    }
  }

  function read(keyHash: string, fields: RecordFields): MaybePromise<Session | undefined> {
    const admit = (isGenuine: boolean) => {
      const session = isGenuine ? sessionOf(keyHash, fields) : undefined
      if (!session) deps.onForged()
      return session
    }
    const verified = mac.verify(coveredText(keyHash, fields), macOf(fields))
    return verified instanceof Promise ? verified.then(admit) : admit(verified)
  }

  async function readOne([keyHash, flat]: [string, Flat]): Promise<Session | undefined> {
    return read(keyHash, fieldsFrom(flat))
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
      const fields = fieldsOf(session, deps.lastEnd(session))
      const signed = mac.sign(coveredText(keyHash, fields))
      await run(ADD, keyHash, userID, createdAt, expiresAt, ...written(fields, signed))
      await deps.replicated?.()
    },
    async find(keyHash) {
      const flat = (await run(FIND, keyHash)) as Flat | null
      return flat ? read(keyHash, fieldsFrom(flat)) : undefined
    },
    async use(keyHash, { at, lengthMs, longestMs, cookieAgeMs }) {
      const newStamp = randomBytes(9).toString('base64url')
      const from = fence.sessionStoreID()
      const args = [prefix, keyHash, at, lengthMs ?? '', longestMs, cookieAgeMs, newStamp]
      const answer = await deps.redis.run(USE, [], args, from)
      if (!answer) return undefined
      const [flat, changed, sendCookie, stamp] = answer as [Flat, Flat, number, string]
      const session = await read(keyHash, fieldsFrom(flat, changed))
      if (!session) return undefined
      return {
        session,
        sendCookie: sendCookie === 1,
        stamp: stamp === '' || from === undefined ? null : fence.tag(stamp, from),
      }
    },
    remove: async (keyHash) => (await run(REMOVE, keyHash)) === 1,
    async ofUser(userID) {
      const listed = (await run(LIST, userID)) as [string, Flat][]
      // A genuine one of somebody else may have been written into the list.
      const sessions = await Promise.all(listed.map(readOne))
      return sessions.filter((session) => session?.userID === userID) as Session[]
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
