/** Which bucket a forwarded request names, and whether the caller may use it: InfluxDB does not compare organizations. */
import type { Principal } from '../access/principal.ts'
import { forbidden, invalid, notFound, type SluiceError } from '../base/errors.ts'
import { type ID, idIn, parseID } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { Bucket } from '../records/bucket.ts'
import type { Organization } from '../records/organization.ts'
import { type Action, permission } from '../records/permission.ts'
import type { DataDirectory } from './data-directory.ts'

/** How a request names an organization: `org` takes a name or an id. */
export interface OrganizationName {
  readonly org?: string | undefined
  readonly orgID?: string | undefined
}

export interface BucketName extends OrganizationName {
  readonly bucket?: string | undefined
  readonly bucketID?: string | undefined
}

export interface BucketAccess {
  /**
   * The organization that the request names. Throws `invalid` if it names none or two, and `not found`, in InfluxDB's
   * words, if it does not exist.
   */
  organization(named: OrganizationName): MaybePromise<Organization>
  /**
   * The bucket that the request names, in its organization. Throws `not found` if the bucket lies in another
   * organization, where InfluxDB would write all the same, and `forbidden` with `message` if the principal may not
   * act on it.
   */
  bucket(principal: Principal, action: Action, named: BucketName, message: string): MaybePromise<Bucket>
  /**
   * Whether the principal may do all of these actions on a bucket, in whichever organization; false if it does not
   * exist.
   */
  mayUse(principal: Principal, actions: readonly Action[], id: ID): Promise<boolean>
}

export function createBucketAccess(directory: DataDirectory): BucketAccess {
  function organization(named: OrganizationName): MaybePromise<Organization> {
    const { org = '', orgID = '' } = named
    if (!org && !orgID) throw notFound('organization not found')
    if (!orgID) return andThen(directory.organization(org), (found) => found ?? throwing(noOrganization(org)))
    return andThen(directory.organizationByID(parseID(orgID)), (found) => {
      if (!found) throw notFound('organization not found')
      if (!org) return found
      return andThen(directory.organization(org), (other) =>
        other?.id === found.id ? found : throwing(contradicting('org and orgID')),
      )
    })
  }

  function bucketNamed(orgID: ID, { bucket = '', bucketID = '' }: BucketName): MaybePromise<Bucket> {
    if (!bucketID) {
      const missing = () => throwing(notFound(`bucket ${JSON.stringify(bucket)} not found`))
      if (!bucket) return missing()
      return andThen(directory.bucket(orgID, bucket), (found) => found ?? missing())
    }
    return andThen(directory.bucketByID(parseID(bucketID)), (found) => {
      if (found?.orgID !== orgID) throw notFound('bucket not found')
      if (!bucket) return found
      return andThen(directory.bucket(orgID, bucket), (other) =>
        other?.id === found.id ? found : throwing(contradicting('bucket and bucketID')),
      )
    })
  }

  return {
    organization,
    bucket(principal, action, named, message) {
      return andThen(organization(named), ({ id: orgID }) =>
        andThen(bucketNamed(orgID, named), (found) => {
          const wanted = permission(action, 'buckets', { id: found.id, orgID })
          if (!principal.permissions.allows(wanted)) throw forbidden('missing-permission', message, { orgID })
          return found
        }),
      )
    },
    async mayUse({ permissions }, actions, id) {
      const found = await directory.bucketByID(id)
      if (!found) return false
      const { orgID } = found
      return actions.every((action) => permissions.allows(permission(action, 'buckets', { id, orgID })))
    },
  }
}

function throwing(error: SluiceError): never {
  throw error
}

const noOrganization = (name: string): SluiceError =>
  idIn(name)
    ? notFound('organization not found')
    : notFound(`organization name ${JSON.stringify(name)} not found`)

const contradicting = (names: string): SluiceError =>
  invalid(`${names} name two different ones; send one of them`)
