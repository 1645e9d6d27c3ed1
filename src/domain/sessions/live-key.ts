/**
 * Picks the session that counts if a request has several session cookies, such as for two paths, or from another host
 * of the same domain.
 */
import type { Clock } from '../base/clock.ts'
import { SluiceError, unauthorized } from '../base/errors.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Session, SessionStore } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore } from '../records/session-ends.ts'

/** How many keys of one request are looked up: more than a browser collects by accident. */
export const MOST_KEYS = 10

/**
 * Runs `act` with the one key that opens a session; a single key is not checked before. If none opens one, `act` runs
 * with each, and the last refusal is thrown. Throws `unauthorized` if two keys open different sessions, since a
 * sibling host can plant a cookie beside the browser's own, and if there are more than `MOST_KEYS`.
 */
export type WithLiveKey = <T>(keys: readonly string[], act: (key: string) => MaybePromise<T>) => Promise<T>

/** Whether a session of the store still counts. Records no use of it. */
export async function isLiveSession(
  session: Session | undefined,
  deps: { readonly sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>; readonly now: Clock },
): Promise<boolean> {
  if (!session || session.expiresAt <= deps.now()) return false
  const ends = await deps.sessionEnds.ofUser(session.userID)
  if (!ends || isOfEarlierGeneration(session, ends)) return false
  return !(await deps.sessionEnds.has(session.keyHash))
}

export function createWithLiveKey(deps: {
  store: Pick<SessionStore, 'find'>
  sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
  now: Clock
}): WithLiveKey {
  /** Does not record a use, which would renew a session that may then be refused. */
  async function isLive(session: Session | undefined): Promise<boolean> {
    // An unreachable database ends no session; `act` decides whether it can work without the database.
    return isLiveSession(session, deps).catch(() => true)
  }

  return async (keys, act) => {
    const [only] = keys
    if (only !== undefined && keys.length === 1) return act(only)
    if (keys.length > MOST_KEYS) throw unauthorized('ambiguous-session', TOO_MANY)
    const live: string[] = []
    for (const key of keys) if (await isLive(await deps.store.find(hashSecret(key)))) live.push(key)
    if (live.length > 1) throw unauthorized('ambiguous-session', AMBIGUOUS)
    let refusal: SluiceError = unauthorized('session-expired')
    for (const key of live.length === 1 ? live : keys) {
      try {
        return await act(key)
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== 'unauthorized') throw error
        refusal = error
      }
    }
    throw refusal
  }
}

const TOO_MANY = `more than ${MOST_KEYS} session cookies were sent; delete the cookies of this site and sign in again`
const AMBIGUOUS = 'two session cookies open different sessions; sign in again, which ends both'
