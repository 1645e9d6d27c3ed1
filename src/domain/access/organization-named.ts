import { notFound, SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'
import { permission } from '../records/permission.ts'
import { may, type Principal } from './principal.ts'

/** The refusal, in InfluxDB's words, of a request that names an organization which is not there or not to be seen. */
export function noOrganizationNamed(name: string): SluiceError {
  return notFound(`organization name "${name}" not found`)
}

/**
 * Runs `found` with the organization that a request names. Throws `not found` if there is no such organization, and
 * equally if the principal may read neither it nor anything in it: otherwise the answer would tell which names exist.
 */
export async function withinOrganizationNamed<T extends { readonly orgID: ID }>(
  name: string,
  by: { principal: Principal; organizations: Pick<OrganizationStore, 'byName'> },
  found: (organization: Organization) => Promise<T[]>,
): Promise<T[]> {
  const organization = await by.organizations.byName(name)
  if (!organization) throw noOrganizationNamed(name)
  const { id } = organization
  if (may(by.principal, permission('read', 'orgs', { id }))) return found(organization)
  const items = await found(organization).catch((error) => {
    // An answer that something in the organization does not exist would reveal the organization as well.
    throw error instanceof SluiceError && error.code === 'not found' ? noOrganizationNamed(name) : error
  })
  if (!items.some(({ orgID }) => orgID === id)) throw noOrganizationNamed(name)
  return items
}
