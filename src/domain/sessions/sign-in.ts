import { forbidden, type SluiceError, unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import type { Log } from '../log.ts'
import type { MembershipStore } from '../memberships/membership.ts'
import type { OrganizationStore } from '../organizations/organization.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import type { RequestOrigin } from '../principals/principal.ts'
import type { User, UserStore } from '../users/user.ts'
import type { Sessions } from './sessions.ts'

/** `oss`: a session has all organizations of its user. `cloud`: it is confined to one. */
export type Deployment = 'oss' | 'cloud'

export interface Credentials {
  /** Undefined where what was sent cannot be a name. */
  readonly name: string | undefined
  readonly password: Uint8Array
}

/** The organization that a sign-in asks for, in deployment `cloud`. */
export interface WantedOrganization {
  readonly orgID?: string | undefined
  readonly org?: string | undefined
}

export type SignInOutcome = 'success' | 'refused' | 'inactive' | 'no-organization' | 'weak-password'

export type SignIn = (
  credentials: Credentials | undefined,
  wanted: WantedOrganization,
  origin: RequestOrigin,
) => Promise<{ key: string; expiresAt: number }>

/**
 * Signs a user in by name and password. Every refusal is the same `unauthorized`, after the same work,
 * except for whoever knows the right password of a deactivated user: the documented `forbidden`.
 */
export function createSignIn(deps: {
  users: Pick<UserStore, 'byId' | 'byName'>
  passwords: Pick<PasswordStore, 'get'>
  organizations: Pick<OrganizationStore, 'byName'>
  memberships: Pick<MembershipStore, 'ofUser'>
  hasher: Pick<PasswordHasher, 'verify'>
  policy: Pick<PasswordPolicy, 'accepts'>
  sessions: Pick<Sessions, 'start' | 'end'>
  deployment: Deployment
  log: Log
  count: (outcome: SignInOutcome) => void
}): SignIn {
  /** The organization to confine a session to: that which is named, else the first membership. */
  async function confinement(user: User, { orgID, org }: WantedOrganization): Promise<Id | undefined> {
    const held = await deps.memberships.ofUser(user.id)
    const own = held.filter(({ resourceType }) => resourceType === 'orgs').map((each) => each.resourceID)
    const named = orgID || !org ? orgID?.toLowerCase() : (await deps.organizations.byName(org))?.id
    return orgID || org ? own.find((each) => each === named) : own[0]
  }

  return async (credentials, wanted, origin) => {
    function refuse(outcome: SignInOutcome, error: SluiceError, user?: User): SluiceError {
      deps.count(outcome)
      deps.log.warn('sign-in refused', { outcome, userID: user?.id, ...origin })
      return error
    }

    if (!credentials) throw refuse('refused', unauthorized())
    const user = credentials.name === undefined ? undefined : await deps.users.byName(credentials.name)
    const stored = user && (await deps.passwords.get(user.id))
    const right = await deps.hasher.verify(credentials.password, stored)
    if (!user || !right) throw refuse('refused', unauthorized(), user)
    if (user.status !== 'active') throw refuse('inactive', forbidden('User is inactive'), user)
    if (!deps.policy.accepts(Buffer.from(credentials.password).toString())) {
      throw refuse('weak-password', forbidden('password change required'), user)
    }
    const orgID = deps.deployment === 'cloud' ? await confinement(user, wanted) : undefined
    if (deps.deployment === 'cloud' && !orgID) throw refuse('no-organization', unauthorized(), user)
    const started = await deps.sessions.start(user.id, orgID)
    // Whoever was deactivated while the password was being checked must not keep the new session.
    const current = await deps.users.byId(user.id)
    if (current?.status !== 'active') {
      await deps.sessions.end(started.key)
      throw refuse('inactive', current ? forbidden('User is inactive') : unauthorized(), user)
    }
    deps.count('success')
    deps.log.info('signed in', { userID: user.id, ...origin })
    return started
  }
}
