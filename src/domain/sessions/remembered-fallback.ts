import type { Clock } from '../base/clock.ts'
import type { RememberedSessionStore, Session, SessionStore } from '../records/session.ts'

/**
 * A session store that may lose what it holds, with the remembered sessions behind it: one that it does not know
 * is looked up in the store of record, and put back. One that was ended meanwhile is of an earlier generation
 * there, or known by its hash, so putting it back gives nobody anything.
 */
export function recallRemembered(
  store: SessionStore,
  deps: {
    remembered: Pick<RememberedSessionStore, 'byHash'>
    now: Clock
    /** How long one is remembered now; it may have been longer when it began. */
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
