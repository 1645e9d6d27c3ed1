import {
  type Caller,
  type Principal,
  type RequestOrigin,
  requireOperator,
  requirePermission,
} from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { notFound, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret } from '../base/secrets.ts'
import { permission } from '../records/permission.ts'
import { type Session, sessionID } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore } from '../records/session-ends.ts'
import type { UserStore } from '../records/user.ts'
import { recordSessionEnd } from './record-session-end.ts'
import { type ActiveSession, createSessionAdmission, type SessionAdmissionDeps } from './session-admission.ts'
import type { SignOuts } from './sign-outs.ts'

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

export function createSessions(
  deps: SessionAdmissionDeps & {
    users: Pick<UserStore, 'byID'>
    sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
    signOuts: Pick<SignOuts, 'write' | 'repeat'>
    freshness: Freshness
  },
): Sessions {
  const { store, users, signOuts, changes, terms, now } = deps

  const { use, isOver, remove } = createSessionAdmission(deps)

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
