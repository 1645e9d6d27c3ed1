import type { RememberedSessionStore, Session, SessionStore } from './session.ts'

/**
 * A session store that may lose what it holds, with the remembered sessions behind it: one that it does not know
 * is looked up in the store of record, and put back. One that was ended meanwhile is of an earlier generation
 * there, or known by its hash, so putting it back gives nobody anything.
 */
export function recallRemembered(
  store: SessionStore,
  remembered: Pick<RememberedSessionStore, 'byHash'>,
): SessionStore {
  async function recalled(keyHash: string): Promise<Session | undefined> {
    const session = await remembered.byHash(keyHash)
    if (session) await store.add(session)
    return session
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
