/** All live sessions of all users, for operators. */
import { type Principal, requireOperator } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID } from '../base/id.ts'
import { type Session, type SessionStore, sessionID } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore } from '../records/session-ends.ts'
import type { User, UserStore } from '../records/user.ts'
import type { UserSearch } from '../users/user-search.ts'

export interface SessionQuery {
  /** A part of the user's name, the address, the browser or the id, ignoring case; undefined for all sessions. */
  readonly search?: string | undefined
  readonly offset: number
  readonly limit: number
}

export interface ListedSession {
  readonly session: Session
  /** Undefined if the user was deleted just now. */
  readonly user: Pick<User, 'id' | 'name'> | undefined
}

export interface ListedSessions {
  /** The one used last comes first. */
  readonly sessions: readonly ListedSession[]
  /** The number of matches on all pages, among the sessions that were examined. */
  readonly total: number
  /** Whether every session was examined. */
  readonly isComplete: boolean
}

export type ListAllSessions = (principal: Principal, query: SessionQuery) => Promise<ListedSessions>

/** The bound of one request's work. Beyond it, a search still finds all sessions of up to `MOST_USERS` users. */
export const MOST_EXAMINED = 10_000
const MOST_USERS = 100

export function createListAllSessions(deps: {
  store: Pick<SessionStore, 'some' | 'ofUser'>
  users: Pick<UserStore, 'byIDs'>
  userSearch: UserSearch
  sessionEnds: Pick<SessionEndStore, 'ofUser'>
  now: Clock
  mostExamined?: number
}): ListAllSessions {
  const { store, users, userSearch, sessionEnds, now, mostExamined = MOST_EXAMINED } = deps

  async function examine(principal: Principal, search: string | undefined) {
    const some = await store.some(mostExamined + 1)
    const isComplete = some.length <= mostExamined
    const found = new Map(some.slice(0, mostExamined).map((session) => [session.keyHash, session]))
    if (!search) return { found: [...found.values()], isComplete }
    const { users: named } = await userSearch(principal, { search, offset: 0, limit: mostExamined })
    if (!isComplete) {
      for (const { id } of named.slice(0, MOST_USERS)) {
        for (const session of await store.ofUser(id)) found.set(session.keyHash, session)
      }
    }
    const ids = new Set(named.map(({ id }) => id))
    const wanted = foldCase(search)
    const isFound = (session: Session) =>
      ids.has(session.userID) ||
      session.address.includes(wanted) ||
      sessionID(session).includes(wanted) ||
      foldCase(session.userAgent).includes(wanted)
    return { found: [...found.values()].filter(isFound), isComplete }
  }

  /** Leaves out sessions that were ended, but that the session store still has. */
  async function notEnded(sessions: readonly Session[]): Promise<Session[]> {
    const ids = [...new Set(sessions.map(({ userID }) => userID))]
    const ends = new Map(
      await Promise.all(ids.map(async (id) => [id, await sessionEnds.ofUser(id)] as const)),
    )
    return sessions.filter((session) => {
      const ended = ends.get(session.userID)
      return ended !== undefined && !isOfEarlierGeneration(session, ended)
    })
  }

  return async (principal, { search, offset, limit }) => {
    requireOperator(principal, 'read')
    const at = now()
    const { found, isComplete } = await examine(principal, search?.trim())
    const live = found.filter(({ expiresAt }) => expiresAt > at)
    live.sort((one, other) => other.lastUsedAt - one.lastUsedAt || (one.keyHash < other.keyHash ? -1 : 1))
    const page = await notEnded(live.slice(offset, offset + limit))
    const ids = [...new Set(page.map(({ userID }) => userID))]
    const names = new Map<ID, Pick<User, 'id' | 'name'>>()
    for (const { id, name } of await users.byIDs(ids)) names.set(id, { id, name })
    const sessions = page.map((session) => ({ session, user: names.get(session.userID) }))
    return { sessions, total: live.length, isComplete }
  }
}
