/** Links that work once: invitations, links to set a password, and links that verify an e-mail address. */
import type { ID } from '../base/id.ts'
import type { Role } from './membership.ts'

/**
 * `invitation`: makes a user, with a membership. `reset`: sets a user's password. `email`: shows that a user reads the
 * mail of an address.
 */
export type LinkPurpose = 'invitation' | 'reset' | 'email'

export interface OneTimeLink {
  readonly id: ID
  /** The hash of its secret (`hashSecret`). */
  readonly hash: string
  readonly purpose: LinkPurpose
  /** The user concerned; undefined for an invitation, whose user does not exist yet. */
  readonly userID: ID | undefined
  /** For an invitation: the organization that the user will belong to, and the role there. */
  readonly orgID: ID | undefined
  readonly role: Role | undefined
  /** For an invitation: the name of the user; undefined if they choose it. */
  readonly name: string | undefined
  /** Where it was mailed; undefined if it was shown to its maker. */
  readonly address: string | undefined
  /** Undefined for a link that was asked for at sign-in. */
  readonly createdBy: ID | undefined
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number
  readonly expiresAt: number
}

export interface OneTimeLinkStore {
  add(link: OneTimeLink): Promise<void>
  /** Finds a link by the hash of its secret, even if it has expired. */
  byHash(hash: string): Promise<OneTimeLink | undefined>
  /** Removes a link; `false` if there is none, so that each works once, on all nodes. */
  take(id: ID): Promise<boolean>
  /** The invitations to an organization, oldest first, expired ones too. */
  invitationsTo(orgID: ID): Promise<OneTimeLink[]>
  /** Removes the links about a user, all or those of one purpose. */
  removeOfUser(userID: ID, purpose?: LinkPurpose): Promise<void>
  removeOfOrganization(orgID: ID): Promise<void>
  /** Replaces the id of a user or an organization. */
  reassign(from: ID, to: ID): Promise<void>
  removeExpired(at: number): Promise<void>
}
