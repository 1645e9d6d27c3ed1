/** The permissions of a new token, from flags that are named as those of `influx auth create`. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import type { SettingsOf } from '../../config/shapes/names.ts'
import { boolean, texts } from '../../config/shapes/setting.ts'
import { membershipPermissions, operatorPermissions } from '../../domain/access/grants.ts'
import type { ID } from '../../domain/base/id.ts'
import { type Action, type Permission, permission } from '../../domain/records/permission.ts'
import type { Remote } from '../remote/remote.ts'
import { findBucket } from './lookup.ts'

const bucketFlag = (action: Action) =>
  texts({
    name: `${action}-bucket` as const,
    default: [],
    repeatable: true,
    placeholder: 'BUCKET',
    about: `May ${action} this bucket; can be given several times.`,
  })

export const permissionFlags = [
  bucketFlag('read'),
  bucketFlag('write'),
  boolean({ name: 'read-buckets', default: false, about: 'May read all buckets of the organization.' }),
  boolean({ name: 'write-buckets', default: false, about: 'May write all buckets of the organization.' }),
  boolean({ name: 'all-access', default: false, about: 'May do everything in the organization.' }),
  boolean({ name: 'operator', default: false, about: 'May do everything on the server.' }),
] as const

type PermissionFlags = {
  readonly readBucket: readonly string[]
  readonly writeBucket: readonly string[]
} & Omit<SettingsOf<typeof permissionFlags>, 'readBucket' | 'writeBucket' | 'Bucket'>

/** Throws ConfigurationError if the flags give no permission. */
export async function permissionsOf(
  flags: PermissionFlags,
  { remote, orgID }: { remote: Remote; orgID: ID },
): Promise<Permission[]> {
  if (flags.operator) return operatorPermissions()
  if (flags.allAccess) return allAccess(orgID)
  const found: Permission[] = []
  if (flags.readBuckets) found.push(permission('read', 'buckets', { orgID }))
  if (flags.writeBuckets) found.push(permission('write', 'buckets', { orgID }))
  for (const [action, names] of [
    ['read', flags.readBucket],
    ['write', flags.writeBucket],
  ] as const) {
    for (const name of names) {
      const { id } = await findBucket(remote, orgID, name)
      found.push(permission(action, 'buckets', { id, orgID }))
    }
  }
  if (found.length === 0) {
    throw new ConfigurationError(
      'what the token may do is not given: --read-bucket, --write-bucket, --read-buckets, --write-buckets, --all-access or --operator',
    )
  }
  return found
}

/** What an owner of the organization may do in it. */
function allAccess(orgID: ID): Permission[] {
  const owner = { userID: orgID, resourceType: 'orgs', resourceID: orgID, role: 'owner' } as const
  return membershipPermissions(owner)
}
