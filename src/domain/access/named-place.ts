/** Finds the organizations and buckets that rules of the settings name. */
import type { ID } from '../base/id.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'

/** Finds an organization by name, else by id. */
export async function findOrganization(
  organizations: Pick<OrganizationStore, 'byName' | 'byIDs'>,
  nameOrID: string,
): Promise<Organization | undefined> {
  return (
    (await organizations.byName(nameOrID)) ?? (await organizations.byIDs([nameOrID.toLowerCase() as ID]))[0]
  )
}

/** Finds a bucket of this organization by name, else by id. */
export async function findBucket(
  buckets: Pick<BucketStore, 'byName' | 'byIDs'>,
  orgID: ID,
  nameOrID: string,
): Promise<Bucket | undefined> {
  return (
    (await buckets.byName(orgID, nameOrID)) ??
    (await buckets.byIDs([nameOrID.toLowerCase() as ID])).find((each) => each.orgID === orgID)
  )
}
