/** Makes the token of a command line once somebody has approved it. */
import { keepingAnOperator } from '../access/last-operator.ts'
import type { RequestOrigin } from '../access/principal.ts'
import { newAuthorization } from '../authorizations/new-authorization.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { requireRoomForToken } from '../base/limits.ts'
import type { Change, Changes } from '../changes.ts'
import { type Authorization, expiryOf, isEffective } from '../records/authorization.ts'
import type { ActiveSession } from '../sessions/session-admission.ts'
import type { LoginScope, RightsOfLogins } from './login-rights.ts'

/** A new token; the token itself is kept nowhere. */
export interface LoginToken {
  readonly token: string
  readonly id: ID
  readonly userName: string
  readonly orgName: string
  /** RFC 3339, UTC. */
  readonly expiresAt: string
}

export type IssueToken = (
  session: ActiveSession,
  login: { readonly host: string; readonly scope: LoginScope; readonly origin: RequestOrigin },
) => Promise<LoginToken>

/** What a list of tokens shows. */
export const descriptionOf = (host: string) => `sluice login on ${host}`

/**
 * The token has the rights that the session has now. It ends after `lengthMs`, or earlier with rights that the session
 * has until then only.
 */
export function createIssueToken(deps: {
  rights: RightsOfLogins
  lengthMs: number
  changes: Changes
  ids: IDGenerator
  now: Clock
}): IssueToken {
  return async (session, { host, scope, origin }) => {
    const { principal } = session
    const { orgID, permissions, endsAt = Number.POSITIVE_INFINITY } = await deps.rights.of(principal, scope)
    const at = deps.now()
    const expiresAt = new Date(Math.min(at + deps.lengthMs, endsAt)).toISOString()
    const description = descriptionOf(host)
    const userID = principal.user.id
    const made = { id: deps.ids.next(), at: new Date(at).toISOString() }
    const { authorization, token } = newAuthorization(
      { orgID, userID, status: 'active', description, permissions, expiresAt },
      made,
    )
    const caller = { principal, session: session.session, origin }
    const orgName = await deps.changes(async (change) => {
      const organization = await change.organizations.byID(orgID)
      const user = await change.users.byID(userID)
      // Deleted or deactivated since the session was looked up.
      if (!organization || user?.status !== 'active') {
        throw forbidden('beyond-own-rights', 'the user or the organization is no more')
      }
      await removeEnded(change, { userID, description, at })
      requireRoomForToken(await change.authorizations.sizeOfUser(userID), permissions)
      await change.authorizations.add(authorization)
      change.affects(userID)
      const target = { type: 'authorization', id: authorization.id, name: description, orgID, userID }
      change.records({ event: 'authorization.create', target, caller })
      return organization.name
    })
    return { token, id: authorization.id, userName: principal.user.name, orgName, expiresAt }
  }
}

/** One who signs in each day would else have a list of tokens that have ended. */
async function removeEnded(
  change: Change,
  { userID, description, at }: Pick<Authorization, 'userID' | 'description'> & { at: number },
): Promise<void> {
  for (const each of await change.authorizations.list({ userID })) {
    const isEnded = each.expiresAt !== undefined && each.status === 'active' && !isEffective(each, at)
    if (isEnded && each.description === description) await change.authorizations.remove(each.id)
  }
}

/**
 * A token ends itself: its holder signs out. Only one with an end of its own, and by its present secret: an agent's
 * token must not end by whoever found it, nor by a secret that a rotation replaced. The last operator stays.
 */
export type EndOwnToken = (caller: {
  readonly principal: ActiveSession['principal']
  readonly origin: RequestOrigin
}) => Promise<void>

export function createEndOwnToken({ changes }: { changes: Changes }): EndOwnToken {
  return async (caller) => {
    const { authorizationID: id, authorizationOrgID: orgID, user, endsAt } = caller.principal
    if (id === undefined) {
      throw forbidden(
        'token-needed',
        'this ends the token that it is sent with; a session ends by signing out',
      )
    }
    await changes(async (change) => {
      const found = await change.authorizations.byID(id)
      if (!found || endsAt === undefined || endsAt !== expiryOf(found)) {
        throw forbidden('token-needed', 'only a token with an end may end itself; delete others by their id')
      }
      await keepingAnOperator(change, [user.id], async () => void (await change.authorizations.remove(id)))
      change.affects(user.id)
      const target = {
        ...{ type: 'authorization', id, orgID, userID: user.id },
        name: caller.principal.authorizationDescription,
      }
      change.records({ event: 'authorization.delete', target, caller })
    })
  }
}
