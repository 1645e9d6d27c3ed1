import { notFound } from '../errors.ts'
import type { Organization, OrganizationStore } from './organization.ts'

/** The organization of a name that a request gives; `not found`, in InfluxDB's words, where there is none. */
export async function organizationNamed(
  name: string,
  organizations: Pick<OrganizationStore, 'byName'>,
): Promise<Organization> {
  const organization = await organizations.byName(name)
  if (!organization) throw notFound(`organization name "${name}" not found`)
  return organization
}
