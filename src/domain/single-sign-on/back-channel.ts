/** Back-channel logout: a provider says that somebody has signed out there. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { unauthorized } from '../base/errors.ts'
import type { Changes } from '../changes.ts'
import type { OnceStore } from '../records/once.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { OutsideLogout } from '../records/outside-provider.ts'
import { type Session, type SessionStore, sessionID } from '../records/session.ts'
import { recordSessionEnd } from '../sessions/record-session-end.ts'
import type { SessionTerms } from '../sessions/session-terms.ts'
import { type ConfiguredProviders, requireProvider } from './configured-provider.ts'
import type { EndOutside } from './end-outside.ts'

/**
 * Ends the sessions that a logout token names: those of one session at the provider, or all of a person. Throws
 * `unauthorized` for a token that does not count, or that counted before. A session or person that is unknown is no
 * error: they may have signed out here already.
 */
export type BackChannelLogout = (provider: string, token: string, origin: RequestOrigin) => Promise<void>

/** Longer than a logout token counts, with the difference of the clocks on both sides. */
const REMEMBERED_MS = 15 * 60_000
/** Sessions among which one is looked for if the token names no person. */
const MOST_SESSIONS = 100_000

export function createBackChannelLogout(deps: {
  providers: ConfiguredProviders
  linkedIdentities: Pick<LinkedIdentityStore, 'find'>
  endOutside: EndOutside
  sessionStore: Pick<SessionStore, 'ofUser' | 'some' | 'remove'>
  terms: Pick<SessionTerms, 'lastEnd'>
  changes: Changes
  once: OnceStore
  now: Clock
}): BackChannelLogout {
  async function sessionsOf({ issuer, subject, sid }: OutsideLogout): Promise<Session[]> {
    const link = subject === undefined ? undefined : await deps.linkedIdentities.find({ issuer, subject })
    if (subject !== undefined && !link) return []
    const all = link
      ? await deps.sessionStore.ofUser(link.userID)
      : await deps.sessionStore.some(MOST_SESSIONS)
    return all.filter(({ outside }) => outside?.issuer === issuer && outside.sid === sid)
  }

  async function end(sessions: readonly Session[], provider: string, origin: RequestOrigin): Promise<void> {
    await deps.changes(async (change) => {
      for (const session of sessions) {
        await recordSessionEnd(change, session, deps.terms)
        const { userID } = session
        const target = { type: 'session', id: sessionID(session), name: provider, userID }
        const actor = { userName: `${provider} (signed out at the provider)` }
        change.records({ event: 'session.end', target, actor, origin })
      }
    })
    for (const { keyHash } of sessions) await deps.sessionStore.remove(keyHash)
  }

  return async (name, token, origin) => {
    const { provider } = requireProvider(deps.providers, name)
    const logout = await provider.readLogout(token)
    const { issuer, subject, sid, jti } = logout
    if (!(await deps.once.claim(`logout ${issuer} ${jti}`, REMEMBERED_MS))) {
      throw unauthorized('refused-by-provider', 'the logout token was used before')
    }
    if (sid === undefined && subject !== undefined) {
      await deps.endOutside({ identity: { issuer, subject } }, 'signed-out', origin)
      return
    }
    const sessions = await sessionsOf(logout)
    if (sessions.length > 0) await end(sessions, name, origin)
  }
}
