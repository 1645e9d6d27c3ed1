import { operatorPermissions } from '../access/grants.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import { newAuthorization } from '../authorizations/new-authorization.ts'
import { endOfToken } from '../authorizations/token-rules.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, notFound, unprocessable } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import { addOrganization, madeAlone } from '../organizations/organizations.ts'
import { passwordContextOf } from '../passwords/password-context.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Authorization } from '../records/authorization.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import type { Organization } from '../records/organization.ts'
import type { LinkedIdentity } from '../records/outside-identity.ts'
import type { User } from '../records/user.ts'
import { resetFactors } from '../second-factors/factor-administration.ts'
import { unlinkIdentity } from '../single-sign-on/unlink.ts'
import { parseName } from '../users/users.ts'

export interface UserRecovery {
  /** Undefined leaves the password unchanged. */
  readonly password?: string | undefined
  /** Makes the user an owner of the instance, who may do everything. */
  readonly operator: boolean
}

/**
 * Recovery on the server's machine, for when no administrator can sign in. It checks no permissions, because a person
 * who can run it can read and write the database anyway. Unknown ids and names are `not found`.
 */
export interface Recovery {
  createUser(name: string, wanted: UserRecovery & { readonly password: string }): Promise<User>
  /** Activates a user; a new password ends all their sessions. */
  updateUser(userID: ID, wanted: UserRecovery): Promise<User>
  /** Removes a user's second factors, recovery codes and application passwords; returns the number of factors. */
  resetFactors(userID: ID): Promise<number>
  /**
   * Unlinks an identity of a user, as operators do: takes away what its provider gave, and ends the user's sessions.
   * Returns it, and whether the user has a password to sign in with. Refused for the last operator.
   */
  unlinkIdentity(
    userID: ID,
    id: ID,
  ): Promise<{ readonly identity: LinkedIdentity; readonly hasPassword: boolean }>
  createOrganization(name: string, owner: ID | undefined): Promise<Organization>
  /**
   * Creates an operator token for an active user. `organization` is a name. Without it the token belongs to the first
   * organization of the user or, for a user in none, to the only organization of the server. `unprocessable` if the user
   * is inactive, or in no organization while the server has none or several.
   */
  createOperatorToken(
    userID: ID,
    organization: string | undefined,
  ): Promise<{ authorization: Authorization; organization: Organization; token: string }>
}

const userNotFound = () => notFound('user not found')

export function createRecovery(deps: {
  records: Pick<IdentityRecords, 'users' | 'memberships' | 'organizations'>
  changes: Changes
  hasher: Pick<PasswordHasher, 'hash'>
  policy: Pick<PasswordPolicy, 'check'>
  ids: IDGenerator
  now: Clock
  /** The longest lifetime of a new token; undefined for no limit. */
  maxLengthMs: number | undefined
  /** The command, for the audit log. Who ran it is not known here. */
  origin: NonNullable<DoneEvent['origin']>
}): Recovery {
  const { ids, policy, hasher } = deps
  const by = { origin: deps.origin, actor: {} }
  const at = () => new Date(deps.now()).toISOString()

  /** Every change affects all users: then all nodes drop their caches even if Redis cannot be reached. */
  const changes: Changes = (work) =>
    deps.changes((change) => {
      change.affectsEverybody()
      return work(change)
    })

  async function makeOperator(change: Change, user: User): Promise<void> {
    const held = await change.memberships.ofUser(user.id)
    const present = held.find(({ resourceType }) => resourceType === 'instance')
    if (present?.role === 'owner') return
    if (present) await change.memberships.remove(INSTANCE_ID, user.id)
    const instance = { resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' } as const
    await change.memberships.add({ userID: user.id, ...instance })
    const target = { type: 'instance', id: INSTANCE_ID, name: 'instance', userID: user.id }
    change.records({ event: 'owner.add', target, ...by })
  }

  return {
    async createUser(givenName, { password, operator }) {
      const name = parseName(givenName)
      policy.check(password, { userName: name })
      const hash = await hasher.hash(Buffer.from(password))
      return changes(async (change) => {
        const user: User = { id: ids.next(), name, status: 'active' }
        if (!(await change.users.add(user)))
          throw conflict('name-taken', `user with name ${name} already exists`)
        await change.passwords.set(user.id, { hash, mustChange: false })
        change.records({ event: 'user.create', target: targetOf(user), ...by })
        if (operator) await makeOperator(change, user)
        return user
      })
    },

    async updateUser(userID, { password, operator }) {
      if (password !== undefined) policy.check(password, await passwordContextOf(userID, deps.records))
      const hash = password === undefined ? undefined : await hasher.hash(Buffer.from(password))
      return changes(async (change) => {
        const user = await change.users.byID(userID)
        if (!user) throw userNotFound()
        if (hash !== undefined) {
          await change.passwords.set(userID, { hash, mustChange: false })
          await change.oneTimeLinks.removeOfUser(userID, 'reset')
          await change.endsSessionsOf(userID, by)
          change.records({ event: 'password.reset', target: targetOf(user), ...by })
        }
        const active: User = { ...user, status: 'active' }
        if (user.status !== 'active') {
          await change.users.update(active)
          change.records({ event: 'user.update', target: targetOf(user), ...by })
        }
        if (operator) await makeOperator(change, user)
        return active
      })
    },

    resetFactors: (userID) =>
      changes(async (change) => {
        const user = await change.users.byID(userID)
        if (!user) throw userNotFound()
        return resetFactors(change, user, by)
      }),

    unlinkIdentity: (userID, id) =>
      changes(async (change) => {
        const user = await change.users.byID(userID)
        if (!user) throw userNotFound()
        const identity = (await change.linkedIdentities.ofUser(userID)).find((each) => each.id === id)
        if (!identity) throw notFound('identity not found')
        await unlinkIdentity(change, user, identity, { at: deps.now(), by })
        return { identity, hasPassword: (await change.passwords.get(userID)) !== undefined }
      }),

    createOrganization: (name, owner) =>
      changes(async (change) => {
        const made = madeAlone(ids, at())
        const organization = await addOrganization(change, { name, owner, made, at: at() })
        const target = organizationTarget(organization)
        change.records({ event: 'organization.create', target, ...by })
        return organization
      }),

    createOperatorToken: (userID, name) =>
      changes(async (change) => {
        const user = await change.users.byID(userID)
        if (!user) throw userNotFound()
        if (user.status !== 'active') {
          throw unprocessable(
            `${user.name} is inactive, so the token would not work; activate the user first`,
          )
        }
        const organization = await organizationFor(change, user, name)
        const expiresAt = endOfToken(undefined, {
          now: deps.now(),
          maxLengthMs: deps.maxLengthMs,
          makerEndsAt: undefined,
        })
        const { authorization, token } = newAuthorization(
          {
            ...{ orgID: organization.id, userID, status: 'active', expiresAt },
            description: `${user.name}'s Recovery Token`,
            permissions: operatorPermissions(),
          },
          { id: ids.next(), at: at() },
        )
        await change.authorizations.add(authorization)
        const { id, description, orgID } = authorization
        const target = { type: 'authorization', id, name: description, orgID, userID }
        change.records({ event: 'authorization.create', target, ...by })
        return { authorization, organization, token }
      }),
  }
}

async function organizationFor(
  { organizations, memberships }: Change,
  user: User,
  name: string | undefined,
): Promise<Organization> {
  if (name !== undefined) {
    const named = await organizations.byName(name)
    if (!named) throw notFound(`there is no organization ${name}`)
    return named
  }
  const held = await memberships.ofUser(user.id)
  const own = held.find(({ resourceType }) => resourceType === 'orgs')
  const [mine] = own ? await organizations.byIDs([own.resourceID]) : []
  if (mine) return mine
  const [only, another] = await organizations.list({ limit: 2, offset: 0, descending: false })
  if (!only) throw unprocessable('no organization exists for the token; create one first')
  if (another) throw unprocessable('there are several organizations; name the one for the token with --org')
  return only
}

function targetOf({ id, name }: User): AuditTarget {
  return { type: 'user', id, name }
}

function organizationTarget({ id, name }: Organization): AuditTarget {
  return { type: 'organization', id, name, orgID: id }
}
