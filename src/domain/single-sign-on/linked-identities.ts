/** The identities of users at providers: listing, linking and unlinking. */
import { requireRightsOf } from '../access/giving.ts'
import { keepingAnOperator } from '../access/last-operator.ts'
import {
  type Caller,
  type Principal,
  type RequestOrigin,
  requireOperator,
  requirePermission,
} from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, forbidden, invalid, notFound, unprocessable } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { LinkedIdentity, LinkedIdentityStore, OutsideIdentity } from '../records/outside-identity.ts'
import { permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'
import type { LocalSignIn } from '../sign-in/local-sign-in.ts'
import { isKey, newLink, requireKey } from './admit-outside.ts'
import { mirrorDifferences, type ProvideMemberships } from './provide-memberships.ts'
import { isAllowed, type ProviderRules } from './provider-rules.ts'
import { identityTarget, unlinkIdentity } from './unlink.ts'

export interface LinkedIdentities {
  /** In the order of linking; `not found` without that user. For who may read the user. */
  ofUser(principal: Principal, userID: ID): Promise<LinkedIdentity[]>
  /**
   * Links by hand. The person could then sign in as that user, so the caller must be an operator with all of the user's
   * rights. `conflict` if the identity is linked, or if the user has another one of this issuer.
   */
  link(
    caller: Caller,
    userID: ID,
    identity: Pick<OutsideIdentity, 'provider' | 'issuer' | 'subject'>,
  ): Promise<LinkedIdentity>
  /**
   * Throws unless the caller may begin to link an identity to their own user: by a session with a recent sign-in.
   * Returns the key's hash of that session.
   */
  requireMayLink(caller: Caller): string
  /** Links a verified identity to the user who began it by `requireMayLink`, and gives what its groups give. */
  linkOwn(
    userID: ID,
    identity: OutsideIdentity,
    rules: ProviderRules,
    origin: RequestOrigin,
  ): Promise<LinkedIdentity>
  /**
   * Unlinks, takes away what the provider gave, and ends the user's sessions but the caller's own, unless that began by
   * this identity. With the last identity, tokens that give more than the memberships do are disabled: they would
   * no longer be bounded. Users cannot unlink their only way of signing in.
   */
  unlink(caller: Caller, userID: ID, id: ID): Promise<void>
}

export function createLinkedIdentities(deps: {
  linkedIdentities: Pick<LinkedIdentityStore, 'ofUser'>
  users: Pick<UserStore, 'byID'>
  localSignIn: Pick<LocalSignIn, 'allows'>
  provideMemberships: ProvideMemberships
  freshness: Freshness
  changes: Changes
  mirror: Mirror
  ids: IDGenerator
  now: Clock
}): LinkedIdentities {
  const { changes, mirror, ids, now } = deps

  /** Within a change, since the user may be deleted meanwhile. */
  async function add(change: Change, userID: ID, link: LinkedIdentity): Promise<User> {
    const user = await change.users.byID(userID)
    if (!user) throw notFound('user not found')
    // An identity bounds the tokens, and an operator may be one by a token alone.
    await keepingAnOperator(change, [userID], async () => {
      if (!(await change.linkedIdentities.add(link))) throw isTaken()
    })
    change.affects(userID)
    return user
  }

  return {
    async ofUser(principal, userID) {
      requirePermission(principal, permission('read', 'users', { id: userID }))
      if (!(await deps.users.byID(userID))) throw notFound('user not found')
      return deps.linkedIdentities.ofUser(userID)
    },

    async link(caller, userID, identity) {
      requireOperator(caller.principal, 'write')
      if (!isKey(identity.issuer) || !isKey(identity.subject) || !isKey(identity.provider)) {
        throw invalid(
          'provider, issuer and subject must be texts of 1 to 255 bytes without control characters',
        )
      }
      deps.freshness.require(caller, 'identity.link')
      return changes(async (change) => {
        await requireRightsOf(caller, userID, change, now())
        const by = caller.principal.user.id
        const link = newLink(identity, { id: ids.next(), userID, at: now(), by })
        const user = await add(change, userID, link)
        change.records({ event: 'identity.link', target: identityTarget(link, user), caller })
        return link
      })
    },

    requireMayLink(caller) {
      if (!caller.session) throw forbidden('session-needed', 'sign in, and link your identity in the console')
      deps.freshness.require(caller, 'identity.link')
      return caller.session.keyHash
    },

    async linkOwn(userID, identity, rules, origin) {
      requireKey(identity)
      if (!isAllowed(rules, identity)) {
        throw forbidden('outside-not-allowed', 'this account at the provider may not sign in here')
      }
      const made = await changes(async (change) => {
        const link = newLink(identity, { id: ids.next(), userID, at: now(), by: userID })
        const user = await add(change, userID, link)
        if (user.status !== 'active') throw forbidden('user-inactive', 'User is inactive')
        const actor = { userID }
        change.records({ event: 'identity.link', target: identityTarget(link, user), actor, origin })
        return link
      })
      await deps.provideMemberships(userID, identity, rules, origin)
      return made
    },

    async unlink(caller, userID, id) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      deps.freshness.require(caller, 'identity.unlink')
      const isOwn = userID === caller.principal.user.id
      // A password is a way to sign in only if the settings let this user do so.
      const mayUsePassword = !isOwn || (await deps.localSignIn.allows(caller.principal.user))
      await mirror.change({
        about: userID,
        async here(change) {
          const user = await change.users.byID(userID)
          const held = await change.linkedIdentities.ofUser(userID)
          const link = held.find((each) => each.id === id)
          if (!user || !link) throw notFound('identity not found')
          const hasPassword = mayUsePassword && (await change.passwords.get(userID)) !== undefined
          if (isOwn && held.length === 1 && !hasPassword) {
            throw unprocessable(
              'this is your only way to sign in; link another identity first, or ask an operator',
            )
          }
          const own = caller.session
          const isByIt = own?.outside?.issuer === link.issuer && own.outside.subject === link.subject
          const except = isOwn && !isByIt ? own?.keyHash : undefined
          const differences = await unlinkIdentity(change, user, link, { at: now(), by: { caller }, except })
          return { user, differences }
        },
        there: (upstream, { user, differences }) => mirrorDifferences(upstream, user, differences),
      })
    },
  }
}

const isTaken = () =>
  conflict(
    'identity-taken',
    'the identity leads to a user already, or this user has another one of this provider; unlink that first',
  )
