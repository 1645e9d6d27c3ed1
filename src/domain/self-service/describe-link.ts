/** What a page shows of a link before it is used. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Role } from '../records/membership.ts'
import type { LinkPurpose, OneTimeLinkStore } from '../records/one-time-link.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'
import type { OneTimeLinks } from './one-time-links.ts'

export interface DescribedLink {
  readonly purpose: LinkPurpose
  /** For an invitation the name that was chosen for the user, if any; otherwise the user's name. */
  readonly name: string | undefined
  /** The organization that an invitation is for. */
  readonly organization: string | undefined
  readonly role: Role | undefined
  /** The address that a link of verification is for. */
  readonly address: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Throws `unauthorized` for a link that does not work. It does not use the link up. */
export type DescribeLink = (secret: string, origin: RequestOrigin) => Promise<DescribedLink>

export function createDescribeLink(deps: {
  oneTimeLinks: Pick<OneTimeLinkStore, 'byHash'>
  users: Pick<UserStore, 'byID'>
  organizations: Pick<OrganizationStore, 'byID'>
  links: Pick<OneTimeLinks, 'find'>
}): DescribeLink {
  return async (secret, origin) => {
    const link = await deps.links.find(secret, { event: 'link.open', origin })
    const { purpose, role, expiresAt } = link
    const user = link.userID === undefined ? undefined : await deps.users.byID(link.userID)
    const organization = link.orgID === undefined ? undefined : await deps.organizations.byID(link.orgID)
    return {
      ...{ purpose, role, expiresAt, name: user?.name ?? link.name, organization: organization?.name },
      address: purpose === 'email' ? link.address : undefined,
    }
  }
}
