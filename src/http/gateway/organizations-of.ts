/** Whose a request is, if several upstreams could answer it. */
import { idIn } from '../../domain/base/id.ts'
import type { Organization, OrganizationStore } from '../../domain/records/organization.ts'
import type { ClientAddress } from '../request/client-address.ts'
import type { OrganizationsOf } from './front.ts'
import type { AuthenticateLegacy } from './legacy-authentication.ts'
import { decisiveIn, queryOf } from './target.ts'

/**
 * By `org` or `orgID` of the query, else the organization of the token or 1.x authorization. A session belongs to none,
 * so its requests name one.
 */
export function createOrganizationsOf(deps: {
  /** Authenticates by token or 1.x authorization; the chosen upstream authenticates the request again. */
  authenticate: AuthenticateLegacy
  organizations: Pick<OrganizationStore, 'byID' | 'byName'>
  clientAddress: ClientAddress
}): OrganizationsOf {
  return async ({ url = '', headers, socket }) => {
    const parameters = decisiveIn(queryOf(url))
    const named = parameters.orgID || parameters.org
    if (named) return namesOf(await byNameOrID(named), named)
    const address = deps.clientAddress(socket.remoteAddress, headers)
    const { principal } = await deps.authenticate({ headers, address, parameters })
    const orgID = principal.authorizationOrgID ?? principal.confinedTo
    return orgID ? namesOf(await deps.organizations.byID(orgID), orgID) : []
  }

  async function byNameOrID(text: string): Promise<Organization | undefined> {
    const id = idIn(text)
    return (id && (await deps.organizations.byID(id))) ?? deps.organizations.byName(text)
  }
}

const namesOf = (found: Organization | undefined, asked: string): readonly string[] =>
  found ? [found.id, found.name] : [asked]
