import {
  type Caller,
  type Principal,
  type RequestOrigin,
  requireOperator,
  requirePermission,
} from '../access/principal.ts'
import type { Principals } from '../access/principals.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { Clock } from '../base/clock.ts'
import { notFound, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import { permission } from '../records/permission.ts'
import {
  type RememberedSessionStore,
  type Session,
  type SessionStore,
  sessionID,
  type UsedSession,
} from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore } from '../records/session-ends.ts'
import type { UserStore } from '../records/user.ts'
import { recordSessionEnd } from './record-session-end.ts'
import type { SessionTerms } from './session-terms.ts'
import type { SignOuts } from './sign-outs.ts'

/** A session and its principal. */
export interface ActiveSession {
  readonly principal: Principal
  readonly session: Session
  /** If the cookie must be sent again, its new expiry in milliseconds since 1970. */
  readonly cookieExpiresAt?: number
}

export interface Sessions {
  /**
   * The session of a key and its principal. Extends the session, unless `background` says that the request came
   * without an act of the user, such as a poll of the console. Throws `unauthorized` if there is no such session, if
   * it has expired, or if its user is deleted or inactive; in these cases it also removes the session.
   */
  authenticate(key: string, background: boolean): MaybePromise<ActiveSession>
  /** The same, without an act of the user, for what stands for the session by the hash of its key. */
  ofHash(keyHash: string): MaybePromise<ActiveSession>
  /**
   * Signs out; throws `unauthorized` if there is no session. If the database is unreachable it throws `unavailable`,
   * and the session no longer works all the same; repeating the request succeeds once the sign-out is recorded.
   */
  end(key: string, origin: RequestOrigin): Promise<void>
  /** The principal's own live sessions, newest first. */
  list(principal: Principal): Promise<Session[]>
  /** The live sessions of any user, for principals that may write the user; `not found` if there is no such user. */
  listOf(principal: Principal, userID: ID): Promise<Session[]>
  /** Ends one session of a user, by its public id; `not found` if there is none. */
  endOne(caller: Caller, userID: ID, id: ID): Promise<void>
  /** Ends a user's sessions; `keepOwn` leaves the one that the caller acts by. `not found` without that user. */
  endAllOf(caller: Caller, userID: ID, options: { keepOwn: boolean }): Promise<void>
  /** Ends all sessions of all users, the caller's own included. For operators. */
  endAllOfInstance(caller: Caller): Promise<void>
}

export function createSessions(deps: {
  store: SessionStore
  users: Pick<UserStore, 'byID'>
  sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
  signOuts: Pick<SignOuts, 'write' | 'repeat'>
  rememberedSessions: Pick<RememberedSessionStore, 'remove'>
  /** Hashes of remembered sessions that have expired by this clock and whose rows are still in the database. */
  expiredUnpersisted: Set<string>
  principals: Pick<Principals, 'ofSession'>
  changes: Changes
  freshness: Freshness
  terms: SessionTerms
  now: Clock
  /** Called for a session that had expired when a request came to end it. */
  onExpired: (session: Session) => void
}): Sessions {
  const { store, users, signOuts, expiredUnpersisted, principals, changes, terms, now } = deps

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

  /** Ending other users' sessions one by one can end everybody's, so each needs a recent sign-in. */
  function requireFreshForOthers(caller: Caller, userID: ID): void {
    if (userID !== caller.principal.user.id) deps.freshness.require(caller, 'sessions.end')
  }

  async function live(userID: ID): Promise<Session[]> {
    const at = now()
    const ends = await deps.sessionEnds.ofUser(userID)
    const found = await store.ofUser(userID)
    return found.filter(
      (session) =>
        session.expiresAt > at &&
        (session.outside?.endsAt ?? Number.POSITIVE_INFINITY) > at &&
        ends !== undefined &&
        !isOfEarlierGeneration(session, ends),
    )
  }

  return {
    authenticate: (key, background) => use(hashSecret(key), background),
    ofHash: (keyHash) => use(keyHash, true),

    async end(key, origin) {
      const keyHash = hashSecret(key)
      const session = await store.find(keyHash)
      if (!session) {
        if (await signOuts.repeat(keyHash)) return
        return isOver(keyHash, session)
      }
      if (session.expiresAt <= now()) {
        if (await remove(session)) deps.onExpired(session)
        throw unauthorized('session-expired')
      }
      // Removed from memory first, unlike elsewhere: after a sign-out the session must not work even if the database
      // fails.
      if (!(await store.remove(keyHash))) throw unauthorized('session-expired')
      await signOuts.write(session, origin)
    },

    async list(principal) {
      const { user, confinedTo } = principal
      requirePermission(principal, permission('read', 'users', { id: user.id }))
      return (await live(user.id)).filter(({ orgID }) => confinedTo === undefined || orgID === confinedTo)
    },

    async listOf(principal, userID) {
      requirePermission(principal, permission('write', 'users', { id: userID }))
      if (!(await users.byID(userID))) throw notFound('user not found')
      return live(userID)
    },

    async endOne(caller, userID, id) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      requireFreshForOthers(caller, userID)
      const session = (await store.ofUser(userID)).find((each) => sessionID(each) === id)
      if (!session) throw notFound('session not found')
      await changes(async (change) => {
        await recordSessionEnd(change, session, terms)
        change.records({ event: 'session.end', target: targetOf(session), caller })
      })
      await store.remove(session.keyHash)
    },

    async endAllOf(caller, userID, { keepOwn }) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      requireFreshForOthers(caller, userID)
      await changes(async (change) => {
        if (!(await change.users.byID(userID))) throw notFound('user not found')
        await change.endsSessionsOf(userID, { caller }, keepOwn ? caller.session?.keyHash : undefined)
      })
    },

    async endAllOfInstance(caller) {
      requireOperator(caller.principal, 'write')
      deps.freshness.require(caller, 'sessions.end')
      const before = await changes(async (change) => {
        await change.rememberedSessions.removeAll()
        change.records({ event: 'session.end', target: { type: 'instance' }, caller })
        change.affectsEverybody()
        // A session that starts after the commit has the new generation, and stays.
        return change.sessionEnds.endAllOfInstance()
      })
      await store.removeAll(before)
    },
  }
}

function targetOf(session: Session) {
  return { type: 'session', id: sessionID(session), orgID: session.orgID, userID: session.userID }
}
