/** What a provider or a directory gave ends once it is no longer in the settings, since its changes are no longer reported. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Log } from '../base/log.ts'
import type { Changes } from '../changes.ts'
import type { LinkedIdentity, LinkedIdentityStore } from '../records/outside-identity.ts'
import {
  type RememberedSessionStore,
  type Session,
  type SessionStore,
  sessionID,
} from '../records/session.ts'
import type { User } from '../records/user.ts'
import { recordSessionEnd } from '../sessions/record-session-end.ts'
import type { SessionTerms } from '../sessions/session-terms.ts'
import { linksOfIssuer } from './links-of-issuer.ts'
import { type MembershipDifference, setProvided } from './provide-memberships.ts'

/** What is to be made upstream too: the memberships that a user lost. */
export interface LostMemberships {
  readonly user: User
  readonly differences: readonly MembershipDifference[]
}

/**
 * Ends the sessions by providers that are not known, takes away what they gave, and forgets their tokens; each user in
 * one transaction. Identities stay, so that the same people are the same users if the provider comes back. For the start
 * of a server, before it takes requests. Nodes may run it at the same time, and a node with other settings may still
 * start such sessions: the last node that is restarted ends them.
 */
export type EndRemovedProviders = () => Promise<readonly LostMemberships[]>

/** The origin of changes that no request asked for. */
const ORIGIN: RequestOrigin = { requestID: 'removed-provider', address: '', userAgent: '' }

export function createEndRemovedProviders(deps: {
  /** The issuers of the providers and the directory in the settings. */
  knownIssuers: ReadonlySet<string>
  linkedIdentities: Pick<LinkedIdentityStore, 'issuers' | 'ofIssuer'>
  sessionStore: Pick<SessionStore, 'ofUser' | 'remove'>
  rememberedSessions: Pick<RememberedSessionStore, 'all'>
  terms: Pick<SessionTerms, 'lastEnd'>
  changes: Changes
  log: Pick<Log, 'warn'>
}): EndRemovedProviders {
  const { changes, sessionStore, log } = deps

  /** The sessions in the session store, and remembered ones, which a session store that lost them would ask for again. */
  async function sessionsBy(
    { userID, issuer }: LinkedIdentity,
    remembered: readonly Session[],
  ): Promise<Session[]> {
    const all = [
      ...remembered.filter((each) => each.userID === userID),
      ...(await sessionStore.ofUser(userID)),
    ]
    const ofIssuer = all.filter(({ outside }) => outside?.issuer === issuer)
    return [...new Map(ofIssuer.map((each) => [each.keyHash, each])).values()]
  }

  async function endFor(
    link: LinkedIdentity,
    remembered: readonly Session[],
  ): Promise<LostMemberships | undefined> {
    const { userID, issuer, provider } = link
    const sessions = await sessionsBy(link, remembered)
    const lost = await changes(async (change) => {
      const user = await change.users.byID(userID)
      const given = (await change.memberships.ofUser(userID)).some((held) =>
        held.given?.byProviders.some((by) => by.issuer === issuer),
      )
      if (!user || (!given && sessions.length === 0 && link.data === undefined)) return undefined
      const warn = () =>
        log.warn('the last operator stays one although the provider is no longer in the settings', {
          ...{ userID, provider },
        })
      const differences = given
        ? await setProvided(change, user, { identity: link, next: [], origin: ORIGIN, warn })
        : []
      if (link.data !== undefined) await change.linkedIdentities.setData(link, undefined)
      for (const session of sessions) {
        await recordSessionEnd(change, session, deps.terms)
        const target = { type: 'session', id: sessionID(session), name: provider, userID }
        const actor = { userName: `${provider} (no longer in the settings)` }
        change.records({ event: 'session.end', target, actor, origin: ORIGIN })
      }
      return { user, differences }
    })
    for (const { keyHash } of sessions) await sessionStore.remove(keyHash)
    return lost
  }

  return async () => {
    const all: LostMemberships[] = []
    const removed = (await deps.linkedIdentities.issuers()).filter((issuer) => !deps.knownIssuers.has(issuer))
    if (removed.length === 0) return []
    const remembered = (await deps.rememberedSessions.all()).filter(({ outside }) => outside !== undefined)
    for (const issuer of removed) {
      const lost: LostMemberships[] = []
      for await (const link of linksOfIssuer(deps.linkedIdentities, issuer)) {
        const ended = await endFor(link, remembered)
        if (ended) lost.push(ended)
      }
      if (lost.length > 0) {
        log.warn('a provider is no longer in the settings, so its sessions and memberships end', {
          ...{ issuer, users: lost.length },
        })
      }
      all.push(...lost)
    }
    return all
  }
}
