import type { Clock } from '../base/clock.ts'
import type { RememberedSessionStore, Session, SessionStore } from '../records/session.ts'

/**
 * A session store that may lose sessions, backed by the database: a session that the store does not know is restored
 * from the remembered ones. Restoring one that was ended meanwhile is harmless: its generation is stale, or its hash is
 * in `ended_sessions`.
 */
export function withRememberedFallback(
  store: SessionStore,
  deps: {
    remembered: Pick<RememberedSessionStore, 'byHash'>
    now: Clock
    /** How long sessions are remembered now; the setting may have been longer when a session began. */
    lengthMs: number
  },
): SessionStore {
  async function recalled(keyHash: string): Promise<Session | undefined> {
    const session = await deps.remembered.byHash(keyHash)
    if (!session) return undefined
    const expiresAt = Math.min(session.expiresAt, session.createdAt + deps.lengthMs)
    if (expiresAt <= deps.now()) return undefined
    await store.add({ ...session, expiresAt })
    return { ...session, expiresAt }
  }

  return {
    ...store,
    async find(keyHash) {
      return (await store.find(keyHash)) ?? recalled(keyHash)
    },
    async use(keyHash, renewal) {
      const used = await store.use(keyHash, renewal)
      if (used || !(await recalled(keyHash))) return used
      return store.use(keyHash, renewal)
    },
  }
}
