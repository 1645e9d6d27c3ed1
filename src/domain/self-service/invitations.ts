/** Invitations: links that make a user with a membership. */
import { type RightsRecords, requireMembershipHeld } from '../access/giving.ts'
import { membershipPermissions } from '../access/grants.ts'
import {
  type Caller,
  type Principal,
  type RequestOrigin,
  requireOperator,
  requirePermission,
} from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { stillHolds } from '../access/still-held.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, forbidden, notFound, unprocessable } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import { isMirrored } from '../mirror/activity.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Membership, Role } from '../records/membership.ts'
import type { OneTimeLink, OneTimeLinkStore } from '../records/one-time-link.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'
import { permission } from '../records/permission.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import type { User, UserStore } from '../records/user.ts'
import { parseName } from '../users/users.ts'
import { parseEmailAddress } from './email-address.ts'
import type { MailLimits } from './mail-limits.ts'
import { invitationMail } from './mails.ts'
import { type CountLink, linkInvalid, type OneTimeLinks } from './one-time-links.ts'
import type { Outbox } from './outbox.ts'
import { requireMail } from './require-mail.ts'

/** Who may invite: operators, or also owners of an organization; with `off` no invitation is made or accepted. */
export type InvitationRule = 'off' | 'operators' | 'owners'

export interface Invitation extends Pick<OneTimeLink, 'id' | 'name' | 'address' | 'createdAt' | 'expiresAt'> {
  readonly orgID: ID
  readonly role: Role
  readonly createdBy: ID
  /** Undefined if that user was deleted. */
  readonly createdByName: string | undefined
}

export interface Invitations {
  /** The invitations to an organization that were not accepted, oldest first; for those who may make one. */
  list(principal: Principal, orgID: ID): Promise<Invitation[]>
  /**
   * Makes an invitation, for a caller who holds all that the role grants. With `email` its link is mailed, and the
   * address becomes the user's; otherwise the link is returned, and shown once. Needs a recent sign-in.
   */
  create(
    caller: Caller,
    orgID: ID,
    given: { readonly role: Role; readonly name?: string | undefined; readonly email?: string | undefined },
  ): Promise<{ readonly invitation: Invitation; readonly url: string | undefined }>
  /** `not found` if there is none, or it was accepted. */
  revoke(caller: Caller, orgID: ID, id: ID): Promise<void>
  /**
   * Makes the user, with the password and the membership. The inviter must still hold what the role grants. Throws
   * `unauthorized` for a link that does not work, and `conflict` for a name that is taken.
   */
  accept(
    secret: string,
    given: { readonly name?: string | undefined; readonly password: string },
    origin: RequestOrigin,
  ): Promise<User>
}

/** How many invitations to an organization may be open. */
const MOST_OPEN = 500

export function createInvitations(
  deps: RightsRecords & {
    users: Pick<UserStore, 'byID' | 'byIDs'>
    organizations: Pick<OrganizationStore, 'byID'>
    oneTimeLinks: Pick<OneTimeLinkStore, 'invitationsTo'>
    links: OneTimeLinks
    outbox: Pick<Outbox, 'isOn' | 'later'>
    limits: Pick<MailLimits, 'countClient' | 'countMaker'>
    rule: InvitationRule
    lengthMs: number
    hasher: Pick<PasswordHasher, 'hash'>
    policy: Pick<PasswordPolicy, 'check'>
    freshness: Freshness
    countLink: CountLink
    changes: Changes
    mirror: Mirror
    ids: IDGenerator
    now: Clock
  },
): Invitations {
  const { links, outbox, limits, mirror, now } = deps

  function requireMayInvite(principal: Principal, orgID: ID): void {
    if (deps.rule !== 'owners') requireOperator(principal, 'write')
    requirePermission(principal, permission('write', 'orgs', { id: orgID, orgID }))
  }

  async function theOrganization(orgID: ID): Promise<Organization> {
    const organization = await deps.organizations.byID(orgID)
    if (!organization) throw notFound('organization not found')
    return organization
  }

  /** Whether the inviter could make the invitation now. */
  async function isStillGiven(
    link: OneTimeLink & Promised,
    records: RightsRecords & { readonly users: Pick<UserStore, 'byID'> },
  ): Promise<boolean> {
    if (deps.rule === 'off') return false
    const given = membershipPermissions(membershipOf(link, link.createdBy))
    const needed = deps.rule === 'operators' ? [permission('write', 'instance'), ...given] : given
    return stillHolds(link.createdBy, needed, records, now())
  }

  return {
    async list(principal, orgID) {
      requireMayInvite(principal, orgID)
      await theOrganization(orgID)
      const found = (await deps.oneTimeLinks.invitationsTo(orgID)).filter(isPromised)
      const makers = await deps.users.byIDs([...new Set(found.map(({ createdBy }) => createdBy))])
      const names = new Map(makers.map(({ id, name }) => [id, name]))
      return found.map((link) => invitationOf(link, names.get(link.createdBy)))
    },

    async create(caller, orgID, given) {
      const { user } = caller.principal
      requireMayInvite(caller.principal, orgID)
      if (deps.rule === 'off') {
        throw forbidden('invitations-off', 'this server takes no invitations; its setting is invitations')
      }
      const organization = await theOrganization(orgID)
      const { role } = given
      const name = given.name === undefined || given.name === '' ? undefined : parseName(given.name)
      const address = given.email === undefined ? undefined : parseEmailAddress(given.email)
      const membership = membershipOf({ orgID, role }, user.id)
      requireMembershipHeld(caller, membership, orgID)
      deps.freshness.require(caller, 'invitation.create')
      if (address !== undefined) {
        requireMail(outbox)
        await limits.countClient(caller.origin.address)
        await limits.countMaker(user.id)
      }
      const made = { purpose: 'invitation', orgID, role, name, address, createdBy: user.id } as const
      const { link, url } = links.make(made, deps.lengthMs)
      const promised = { ...link, orgID, role, createdBy: user.id }
      await deps.changes(async (change) => {
        if (!(await change.organizations.byID(orgID))) throw notFound('organization not found')
        if ((await change.oneTimeLinks.invitationsTo(orgID)).length >= MOST_OPEN) {
          throw unprocessable(`an organization may have at most ${MOST_OPEN} invitations; revoke some first`)
        }
        await change.oneTimeLinks.add(link)
        change.records({ event: 'invitation.create', target: targetOf(promised), caller })
      })
      if (address !== undefined) {
        const { expiresAt } = link
        outbox.later('invitation', (deliver) =>
          deliver(
            invitationMail({
              ...{ to: address, url, expiresAt, organization: organization.name, inviter: user.name },
            }),
          ),
        )
      }
      const invitation = invitationOf(promised, user.name)
      return { invitation, url: address === undefined ? url : undefined }
    },

    async revoke(caller, orgID, id) {
      requireMayInvite(caller.principal, orgID)
      await deps.changes(async (change) => {
        const link = (await change.oneTimeLinks.invitationsTo(orgID)).find((each) => each.id === id)
        if (!link || !(await change.oneTimeLinks.take(id))) throw notFound('invitation not found')
        change.records({ event: 'invitation.revoke', target: targetOf(link), caller })
      })
    },

    async accept(secret, given, origin) {
      const link = await links.find(secret, { purpose: 'invitation', event: 'invitation.accept', origin })
      if (!isPromised(link)) throw linkInvalid()
      const organization = await deps.organizations.byID(link.orgID)
      if (!organization || !(await isStillGiven(link, deps))) throw linkInvalid()
      const name = link.name ?? parseName(given.name ?? '')
      deps.policy.check(given.password, { userName: name, organizationNames: [organization.name] })
      const hash = await deps.hasher.hash(Buffer.from(given.password))

      async function here(change: Change, id: ID): Promise<User> {
        if (!isPromised(link)) throw linkInvalid()
        await links.use(change, link)
        // Read again: the inviter may have lost the rights while the password was hashed.
        const isThere = (await change.organizations.byID(link.orgID)) !== undefined
        if (!isThere || !(await isStillGiven(link, change))) throw linkInvalid()
        const user: User = { id, name, status: 'active' }
        if (!(await change.users.add(user))) {
          throw conflict('name-taken', 'another user has this name, or one that looks the same')
        }
        await change.passwords.set(id, { hash, mustChange: false })
        await change.memberships.add(membershipOf(link, id))
        // The link was only mailed, so the person who opened it reads that mailbox: the address is verified.
        if (link.address !== undefined) {
          await change.userEmails.set({
            ...{ userID: id, address: link.address, verifiedAt: now(), pending: undefined },
          })
        }
        change.affects(id)
        const actor = { userID: id, userName: name }
        const target = { type: 'organization', id: link.orgID, orgID: link.orgID, userID: id, userName: name }
        change.records({ event: 'user.create', target: { type: 'user', id, name }, actor, origin })
        change.records({ event: 'invitation.accept', target, actor, origin })
        return user
      }

      const user = await mirror.create({
        alone: () => deps.ids.next(),
        here,
        there: (upstream, planned) => createMemberThere(upstream, planned, membershipOf(link, planned.id)),
        isKept: async (id) => (await deps.users.byID(id)) !== undefined,
        undo: (upstream, id) => upstream.removeUser(id),
      })
      deps.countLink('invitation', 'used')
      return user
    },
  }
}

/** The fields that every stored invitation has. */
type Promised = { readonly orgID: ID; readonly role: Role; readonly createdBy: ID }

function isPromised(link: OneTimeLink): link is OneTimeLink & Promised {
  return link.orgID !== undefined && link.role !== undefined && link.createdBy !== undefined
}

function membershipOf({ orgID, role }: Pick<Promised, 'orgID' | 'role'>, userID: ID): Membership {
  return { userID, resourceType: 'orgs', resourceID: orgID, role }
}

/** Makes a user with a membership upstream; the user is removed again if the membership is refused. */
async function createMemberThere(
  upstream: UpstreamIdentities,
  user: User,
  membership: Membership,
): Promise<ID> {
  const id = await upstream.createUser(user)
  try {
    if (isMirrored(membership, user)) await upstream.addMembership({ ...membership, userID: id })
    return id
  } catch (error) {
    await upstream.removeUser(id).catch(() => undefined)
    throw error
  }
}

function invitationOf(link: OneTimeLink & Promised, createdByName: string | undefined): Invitation {
  const { id, name, address, createdAt, expiresAt, orgID, role, createdBy } = link
  return { id, name, address, createdAt, expiresAt, orgID, role, createdBy, createdByName }
}

/** Without the address, which the audit log need not keep. */
function targetOf({ id, name, orgID }: Pick<OneTimeLink, 'id' | 'name' | 'orgID'>): AuditTarget {
  return { type: 'invitation', id, name, orgID }
}
