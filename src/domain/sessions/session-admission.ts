/** Using a session: whether it still counts, and whose principal it has. */
import type { Principal } from '../access/principal.ts'
import type { Principals } from '../access/principals.ts'
import type { Clock } from '../base/clock.ts'
import { unauthorized } from '../base/errors.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { Changes } from '../changes.ts'
import type { RememberedSessionStore, Session, SessionStore, UsedSession } from '../records/session.ts'
import type { SessionTerms } from './session-terms.ts'

/** A session and its principal. */
export interface ActiveSession {
  readonly principal: Principal
  readonly session: Session
  /** If the cookie must be sent again, its new expiry in milliseconds since 1970. */
  readonly cookieExpiresAt?: number
}

export interface SessionAdmissionDeps {
  readonly store: SessionStore
  readonly rememberedSessions: Pick<RememberedSessionStore, 'remove'>
  /** Hashes of remembered sessions that have expired by this clock and whose rows are still in the database. */
  readonly expiredUnpersisted: Set<string>
  readonly principals: Pick<Principals, 'ofSession'>
  readonly changes: Changes
  readonly terms: SessionTerms
  readonly now: Clock
  /** Called for a session that had expired when a request came to end it. */
  readonly onExpired: (session: Session) => void
}

export interface SessionAdmission {
  /** Throws `unauthorized` if the session does not count. A request in the background does not renew it. */
  use(keyHash: string, background: boolean): MaybePromise<ActiveSession>
  /** Throws `unauthorized` for a session that has expired, and records that it did. */
  isOver(keyHash: string, session: Session | undefined): Promise<never>
  /** Whether it was still there. */
  remove(session: Session): Promise<boolean>
}

export function createSessionAdmission(deps: SessionAdmissionDeps): SessionAdmission {
  const { store, expiredUnpersisted, principals, changes, terms, now } = deps

  /** A session that was reported expired stays expired, even if the clock is set back. */
  function isOver(keyHash: string, session: Session | undefined): Promise<never> {
    if (!session?.remembered && !expiredUnpersisted.has(keyHash)) throw unauthorized('session-expired')
    return deps.rememberedSessions.remove(keyHash).then(() => {
      expiredUnpersisted.delete(keyHash)
      throw unauthorized('session-expired')
    })
  }

  function use(keyHash: string, background: boolean): MaybePromise<ActiveSession> {
    const at = now()
    const used = store.use(keyHash, terms.renewal(at, background))
    return andThen(used, (found) => admit(keyHash, found, at))
  }

  function admit(keyHash: string, used: UsedSession | undefined, at: number): MaybePromise<ActiveSession> {
    if (!used || used.session.expiresAt <= at) return isOver(keyHash, used?.session)
    const { outside } = used.session
    if (outside?.endsAt !== undefined && outside.endsAt <= at) return endNow(used.session)
    const principal = principals.ofSession(used.session, used.stamp)
    return andThen(principal, (found) => activate(used, found))
  }

  /** Of a session that its provider allowed until then only, however much it is used. */
  async function endNow(session: Session): Promise<never> {
    if (await remove(session)) deps.onExpired(session)
    throw unauthorized('session-expired')
  }

  function activate({ session, sendCookie }: UsedSession, principal: Principal | undefined) {
    if (principal?.user.status !== 'active') {
      return remove(session).then(() => {
        throw unauthorized('session-expired')
      })
    }
    return sendCookie ? { principal, session, cookieExpiresAt: session.expiresAt } : { principal, session }
  }

  /** Ends the session in the database first: if that fails, the session still works and the caller learns of it. */
  async function remove(session: Session): Promise<boolean> {
    if (session.remembered) {
      await changes(async ({ rememberedSessions }) => rememberedSessions.remove(session.keyHash))
    }
    return store.remove(session.keyHash)
  }

  return { use, isOver, remove }
}
