/** Sessions in this process's memory: gone when it ends, as InfluxDB's are. */
import type { Id } from '../../domain/id.ts'
import type { Session, SessionStore } from '../../domain/sessions/session.ts'
import { createExpiryQueue } from './expiry-queue.ts'

/** One session; those of one user are linked, so that ending them all visits no others. */
interface Entry extends Session {
  readonly keyHash: string
  expiresAt: number
  previous: Entry | undefined
  next: Entry | undefined
}

/** Many small maps instead of one large, since a map that grows or shrinks stalls for as long as it is big. */
const SHARDS = 1024

export function createMemorySessionStore(deps: { now: () => number }): SessionStore {
  const shards: Map<string, Entry>[] = Array.from({ length: SHARDS }, () => new Map())
  const firstOfUser = new Map<Id, Entry>()
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
    expire: drop,
    isHeld: (entry) => shardOf(entry.keyHash).get(entry.keyHash) === entry,
  })

  return {
    async add(keyHash, { userID, orgID, createdAt, expiresAt }) {
      const next = firstOfUser.get(userID)
      const entry: Entry = { keyHash, userID, orgID, createdAt, expiresAt, previous: undefined, next }
      if (next) next.previous = entry
      firstOfUser.set(userID, entry)
      shardOf(keyHash).set(keyHash, entry)
      count += 1
      queue.add(entry)
    },
    find(keyHash) {
      return shardOf(keyHash).get(keyHash)
    },
    renew(keyHash, expiresAt) {
      const entry = shardOf(keyHash).get(keyHash)
      if (entry) entry.expiresAt = expiresAt
    },
    async remove(keyHash) {
      const entry = shardOf(keyHash).get(keyHash)
      return entry !== undefined && drop(entry)
    },
    async removeOfUser(userID) {
      let removed = 0
      for (let entry = firstOfUser.get(userID); entry; entry = firstOfUser.get(userID)) {
        drop(entry)
        removed += 1
      }
      return removed
    },
    count: () => count,
    async close() {
      queue.stop()
    },
  }
}
