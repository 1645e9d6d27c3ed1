/** Sessions in this process's memory: gone when it ends, as InfluxDB's are. */
import type { ID } from '../../domain/base/id.ts'
import type { Session, SessionStore } from '../../domain/records/session.ts'
import { ALONE, type Stamp } from '../../domain/records/stamps.ts'
import { renewed } from '../../domain/sessions/session-terms.ts'
import { createExpiryQueue } from './expiry-queue.ts'

/** One session; those of one user are linked, so that ending them all visits no others. */
interface Entry extends Session {
  lastUsedAt: number
  expiresAt: number
  cookieSentAt: number
  previous: Entry | undefined
  next: Entry | undefined
}

/** Many small maps, since one large map blocks the process while it grows or shrinks, longer the larger it is. */
const SHARDS = 1024
/** While all sessions end, other work runs after this many. */
const YIELD_EVERY = 1000
/** While sessions of all users are listed, other work runs after this many shards. */
const YIELD_SHARDS_EVERY = 128

export function createMemorySessionStore(deps: {
  now: () => number
  /** Called for every session that has expired. */
  onExpired?: (session: Session) => void
  /** The stamp that sessions are read with: the current one for everything that this process caches. */
  ownStamp?: () => Stamp
}): SessionStore {
  const { ownStamp = () => ALONE } = deps
  const shards: Map<string, Entry>[] = Array.from({ length: SHARDS }, () => new Map())
  const firstOfUser = new Map<ID, Entry>()
  let count = 0

  /** The hash is uniform, so two of its characters choose a shard evenly enough. */
  function shardOf(keyHash: string): Map<string, Entry> {
    const index = (keyHash.charCodeAt(0) * 31 + keyHash.charCodeAt(1)) % SHARDS
    return shards[index] as Map<string, Entry>
  }

  function drop(entry: Entry): boolean {
    if (!shardOf(entry.keyHash).delete(entry.keyHash)) return false
    count -= 1
    if (entry.next) entry.next.previous = entry.previous
    if (entry.previous) entry.previous.next = entry.next
    else if (entry.next) firstOfUser.set(entry.userID, entry.next)
    else firstOfUser.delete(entry.userID)
    return true
  }

  const queue = createExpiryQueue<Entry>({
    now: deps.now,
    expire(entry) {
      if (drop(entry)) deps.onExpired?.(entry)
    },
    isHeld: (entry) => shardOf(entry.keyHash).get(entry.keyHash) === entry,
  })

  function removeOfUser(userID: ID, isEnded: (entry: Entry) => boolean): number {
    let removed = 0
    for (let entry = firstOfUser.get(userID); entry; entry = entry.next) {
      if (isEnded(entry) && drop(entry)) removed += 1
    }
    return removed
  }

  return {
    async add(session) {
      const next = firstOfUser.get(session.userID)
      const entry = entryOf(session, next)
      if (next) next.previous = entry
      firstOfUser.set(session.userID, entry)
      shardOf(session.keyHash).set(session.keyHash, entry)
      count += 1
      queue.add(entry)
    },
    find(keyHash) {
      return shardOf(keyHash).get(keyHash)
    },
    use(keyHash, renewal) {
      const entry = shardOf(keyHash).get(keyHash)
      if (!entry) return undefined
      if (entry.expiresAt <= renewal.at) return { session: entry, sendCookie: false, stamp: ownStamp() }
      const { lastUsedAt, expiresAt, cookieSentAt, sendCookie } = renewed(entry, renewal)
      entry.lastUsedAt = lastUsedAt
      entry.expiresAt = expiresAt
      entry.cookieSentAt = cookieSentAt
      return { session: entry, sendCookie, stamp: ownStamp() }
    },
    async remove(keyHash) {
      const entry = shardOf(keyHash).get(keyHash)
      return entry !== undefined && drop(entry)
    },
    async ofUser(userID) {
      const found: Session[] = []
      for (let entry = firstOfUser.get(userID); entry; entry = entry.next) found.push(entry)
      return found
    },
    async some(limit) {
      const found: Session[] = []
      for (const [index, shard] of shards.entries()) {
        for (const entry of shard.values()) {
          if (found.length >= limit) return found
          found.push(entry)
        }
        if (index % YIELD_SHARDS_EVERY === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      return found
    },
    removeOfUser: async (userID, { before, except }) =>
      removeOfUser(userID, (entry) => entry.userGeneration < before && entry.keyHash !== except),
    async removeAll(before) {
      let removed = 0
      for (const [index, userID] of [...firstOfUser.keys()].entries()) {
        removed += removeOfUser(userID, (entry) => entry.instanceGeneration < before)
        if (index % YIELD_EVERY === YIELD_EVERY - 1) await new Promise((resolve) => setImmediate(resolve))
      }
      return removed
    },
    count: () => count,
    async close() {
      queue.stop()
    },
  }
}

/** Field by field: an object that is spread takes more memory, and there may be a million of these. */
function entryOf(session: Session, next: Entry | undefined): Entry {
  return {
    keyHash: session.keyHash,
    userID: session.userID,
    orgID: session.orgID,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    expiresAt: session.expiresAt,
    cookieSentAt: session.cookieSentAt,
    address: session.address,
    userAgent: session.userAgent,
    remembered: session.remembered,
    instanceGeneration: session.instanceGeneration,
    userGeneration: session.userGeneration,
    method: session.method,
    level: session.level,
    authenticatedAt: session.authenticatedAt,
    outside: session.outside,
    previous: undefined,
    next,
  }
}
