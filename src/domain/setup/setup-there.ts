/** The upstream half of setup. */
import { conflict } from '../base/errors.ts'
import type { Bucket } from '../records/bucket.ts'
import type {
  UpstreamIdentities,
  UpstreamRecords,
  UpstreamSetup,
  UpstreamSetupResult,
} from '../records/upstream.ts'

/** The names that both sides get. */
export interface SetupNames {
  readonly username: string
  readonly org: string
  /** Everything of the bucket but what upstream gives it. */
  readonly bucket: Omit<Bucket, 'id' | 'orgID'>
}

/**
 * Sets upstream up. If it is set up already with exactly these names and the token of the settings, an earlier setup
 * ended between the two sides, and its records are taken over; otherwise `conflict`.
 *
 * @param addMore adds to what upstream has instead of refusing, for tests of clients that set up again and again
 */
export async function setUpThere(
  { setup, identities }: { readonly setup: UpstreamSetup; readonly identities: UpstreamIdentities },
  { username, org, bucket }: SetupNames,
  addMore: boolean,
): Promise<UpstreamSetupResult> {
  if (await setup.isAllowed()) {
    return setup.run({ username, org, bucket: bucket.name, retentionSeconds: bucket.retentionSeconds })
  }
  const made = madeBySetup(await identities.list(), { username, org, bucket })
  if (made) return made
  if (addMore) return addThere(identities, { username, org, bucket })
  throw conflict(
    'setup-done',
    'the InfluxDB behind this server is set up already; import its users and organizations instead of a setup',
  )
}

/** What a setup with these names left there; undefined if anything else is there, or was made by another token. */
function madeBySetup(records: UpstreamRecords, names: SetupNames): UpstreamSetupResult | undefined {
  const [user, ...users] = records.users
  const [organization, ...organizations] = records.organizations
  const bucket = records.buckets.find(({ name, type }) => type === 'user' && name === names.bucket.name)
  if (!user || !organization || !bucket || users.length > 0 || organizations.length > 0) return undefined
  if (user.name !== names.username || organization.name !== names.org) return undefined
  if (user.id !== records.operatorID) return undefined
  const buckets = records.buckets.filter(({ type }) => type === 'system')
  return { userID: user.id, organization: { id: organization.id, buckets }, bucketID: bucket.id }
}

async function addThere(
  identities: UpstreamIdentities,
  { username, org, bucket }: SetupNames,
): Promise<UpstreamSetupResult> {
  // InfluxDB gives an id to a user who is sent without one.
  const userID = await identities.createUser({ name: username, status: 'active' })
  const organization = await identities.createOrganization({ name: org, description: '' })
  await identities.addMembership({
    ...{ userID, resourceType: 'orgs', resourceID: organization.id, role: 'owner' },
  })
  const bucketID = await identities.createBucket({ ...bucket, orgID: organization.id })
  return { userID, organization, bucketID }
}
