/** Starts sessions, for all sign-in methods. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { createSecret, hashSecret } from '../base/secrets.ts'
import type { Change, Changes } from '../changes.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import { type Authentication, type Session, type SessionStore, sessionID } from '../records/session.ts'
import type { User } from '../records/user.ts'
import { MOST_KEYS } from '../sessions/live-key.ts'
import { recordSessionEnd } from '../sessions/record-session-end.ts'
import type { SessionTerms } from '../sessions/session-terms.ts'
import { beyondLimit, type SessionLimit } from './session-limit.ts'

export interface SessionStart {
  readonly userID: ID
  /** The one organization to which the session is confined; undefined for all organizations of its user. */
  readonly orgID: ID | undefined
  /** How the user authenticated. `authenticatedAt` defaults to now. */
  readonly authentication: Omit<Authentication, 'authenticatedAt'> & Partial<Authentication>
  /** Whether the user asked to stay signed in; ignored if the server does not allow it. */
  readonly remember: boolean
  /** Session keys sent with the request: these sessions end (ASVS 5.0 7.2.4). Only the first `MOST_KEYS` count. */
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
  /**
   * Runs inside the change, with the user as stored at that moment; undefined if the user was deleted. Throws to refuse
   * the session, for example if the password was changed while it was being verified.
   */
  confirm(change: Change, user: User | undefined): Promise<void>
}

/** Starts a session; returns its key, and when it and its cookie expire (milliseconds since 1970). */
export type StartSession = (start: SessionStart) => Promise<StartedSession>

export interface StartedSession {
  readonly key: string
  readonly expiresAt: number
  readonly cookieExpiresAt: number
}

/**
 * In one change, records the session, the sign-in event and the known address, and ends the sessions whose keys were
 * sent along and those beyond the user's limit.
 */
export function createStartSession(deps: {
  sessionStore: SessionStore
  terms: SessionTerms
  limit: SessionLimit
  known: Pick<KnownAddresses, 'note'>
  /** The issuers of the settings; undefined for any. One that is removed starts no session that was begun by it. */
  knownIssuers?: ReadonlySet<string> | undefined
  changes: Changes
  now: Clock
}): StartSession {
  const { sessionStore, terms, known, changes, now } = deps

  /** Ends the sessions that this one replaces; returns their hashes, to be removed from the store after the commit. */
  async function makeRoom(change: Change, start: SessionStart, at: number): Promise<string[]> {
    const presented = new Map<string, Session>()
    for (const key of start.presentedKeys.slice(0, MOST_KEYS)) {
      const session = await sessionStore.find(hashSecret(key))
      if (session) presented.set(session.keyHash, session)
    }
    const { userID, origin } = start
    const others = (await sessionStore.ofUser(userID)).filter(({ keyHash }) => !presented.has(keyHash))
    const ended = [...presented.values(), ...beyondLimit(others, deps.limit, { ...origin, at })]
    for (const session of ended) {
      await recordSessionEnd(change, session, terms)
      const id = sessionID(session)
      const actor = { userID: session.userID, sessionID: id }
      const target = { type: 'session', id, userID: session.userID }
      change.records({ event: 'session.end', target, actor, origin })
    }
    return ended.map(({ keyHash }) => keyHash)
  }

  return async (start) => {
    const { userID, orgID, origin } = start
    const issuer = start.authentication.outside?.issuer
    if (issuer !== undefined && deps.knownIssuers?.has(issuer) === false) {
      throw unauthorized('sign-in-expired', 'the provider of this sign-in is gone; begin it again')
    }
    const key = createSecret()
    const keyHash = hashSecret(key)
    const at = now()
    const remembered = start.remember && terms.mayRemember
    const expiresAt = terms.firstEnd(at, remembered)
    const starting = changes(async (change) => {
      const user = await change.users.byID(userID)
      const ends = await change.sessionEnds.ofUser(userID)
      await start.confirm(change, user)
      if (user?.status !== 'active' || !ends) throw unauthorized('wrong-credentials')
      const { instanceGeneration, userGeneration } = ends
      const session: Session = {
        ...{ keyHash, userID, orgID, remembered, instanceGeneration, userGeneration },
        ...{ createdAt: at, lastUsedAt: at, cookieSentAt: at, expiresAt },
        ...{ address: origin.address, userAgent: origin.userAgent },
        ...{ authenticatedAt: at, ...start.authentication },
      }
      if (remembered) await change.rememberedSessions.add(session)
      // A user who has signed in needs no link to set a new password; such a link could still lie in a mailbox.
      await change.oneTimeLinks.removeOfUser(userID, 'reset')
      const ended = await makeRoom(change, start, at)
      await known.note(change.knownAddresses, userID, origin.address)
      const name = session.outside?.provider
      const target = { type: 'session', id: sessionID(session), name, userID, userName: user.name, orgID }
      change.records({ event: 'signin', target, origin, actor: { userID, sessionID: target.id } })
      // Added before the commit, so that a deactivation right after the commit finds the session and ends it.
      await sessionStore.add(session)
      return ended
    })
    const ended = await starting.catch(async (error) => {
      await sessionStore.remove(keyHash)
      throw error
    })
    for (const keyHash of ended) await sessionStore.remove(keyHash)
    return { key, expiresAt, cookieExpiresAt: terms.firstCookieEnd(at, remembered) }
  }
}
