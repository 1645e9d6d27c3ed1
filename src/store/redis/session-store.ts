/** Sessions in Redis, which several nodes share. */
import { randomBytes } from 'node:crypto'
import type { Fence } from '../../domain/cluster/fence.ts'
import type { Id } from '../../domain/id.ts'
import type { Log } from '../../domain/log.ts'
import type { Session, SessionStore } from '../../domain/sessions/session.ts'
import type { RedisConnection } from './connection.ts'
import type { RedisScript } from './script.ts'
import { ADD, COUNT, FIND, LIST, REMOVE, REMOVE_OF_USER, REMOVE_SOME, SWEEP, USE } from './session-scripts.ts'

const SWEEP_MS = 1000
/** So many sessions are looked at in one step: Redis does nothing else meanwhile, for about a millisecond. */
const BATCH = 500

type Fields = readonly (string | null)[]

export function createRedisSessionStore(deps: {
  redis: Pick<RedisConnection, 'run'>
  prefix: string
  now: () => number
  log: Log
  fence: Pick<Fence, 'sessionStoreID' | 'tag'>
  /** Told of every session that has run out, by one of the nodes. */
  onExpired?: (session: Session) => void
  /** Waits until a new session is not only where it was written, as far as that is wanted. */
  replicated?: () => Promise<void>
}): SessionStore {
  const { prefix, now, log, fence } = deps
  const run = (script: RedisScript, ...args: (string | number)[]) =>
    deps.redis.run(script, [], [prefix, ...args])
  let sweeping: Promise<void> | undefined

  async function sweep(): Promise<void> {
    for (let looked = BATCH; looked === BATCH; ) {
      const [count, ended] = (await run(SWEEP, now(), BATCH)) as [number, [string, Fields][]]
      for (const [hash, fields] of ended) deps.onExpired?.(read(hash, fields))
      looked = count
    }
  }

  const timer = setInterval(() => {
    sweeping ??= sweep()
      .catch((error: Error) => log.warn('ended sessions cannot be swept', { cause: error.message }))
      .finally(() => {
        sweeping = undefined
      })
  }, SWEEP_MS)
  timer.unref()

  return {
    async add(session) {
      await run(ADD, session.keyHash, ...write(session))
      await deps.replicated?.()
    },
    async find(keyHash) {
      const fields = (await run(FIND, keyHash)) as Fields | null
      return fields ? read(keyHash, fields) : undefined
    },
    async use(keyHash, { at, lengthMs, longestMs, cookieAgeMs }) {
      const newStamp = randomBytes(9).toString('base64url')
      const from = fence.sessionStoreID()
      const args = [prefix, keyHash, at, lengthMs ?? '', longestMs, cookieAgeMs, newStamp]
      const fields = (await deps.redis.run(USE, [], args, from)) as Fields | null
      if (!fields) return undefined
      const stamp = fields[12] || undefined
      return {
        session: read(keyHash, fields),
        sendCookie: fields[11] === '1',
        stamp: stamp === undefined || from === undefined ? null : fence.tag(stamp, from),
      }
    },
    remove: async (keyHash) => (await run(REMOVE, keyHash)) === 1,
    async ofUser(userID) {
      const listed = (await run(LIST, userID)) as [string, Fields][]
      return listed.map(([hash, fields]) => read(hash, fields))
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

function write(session: Session): (string | number)[] {
  return [
    ...['user', session.userID, 'org', session.orgID ?? ''],
    ...['created', session.createdAt, 'used', session.lastUsedAt, 'expires', session.expiresAt],
    ...['cookieSent', session.cookieSentAt, 'address', session.address, 'agent', session.userAgent],
    ...['remembered', session.remembered ? '1' : '0'],
    ...['instanceGeneration', session.instanceGeneration, 'userGeneration', session.userGeneration],
  ]
}

function read(keyHash: string, fields: Fields): Session {
  const text = (index: number) => fields[index] ?? ''
  const number = (index: number) => Number(fields[index])
  return {
    keyHash,
    userID: text(0) as Id,
    orgID: (text(1) || undefined) as Id | undefined,
    createdAt: number(2),
    lastUsedAt: number(3),
    expiresAt: number(4),
    cookieSentAt: number(5),
    address: text(6),
    userAgent: text(7),
    remembered: text(8) === '1',
    instanceGeneration: number(9),
    userGeneration: number(10),
  }
}
