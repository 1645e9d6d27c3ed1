/**
 * Rights by bucket for an upstream that knows databases but no callers: the bucket `telegraf` of one organization stands for
 * the database `telegraf` with all of its retention policies, the bucket `telegraf/autogen` for that policy alone.
 */
import { isOperator, may, type Principal } from '../access/principal.ts'
import { forbidden, invalid, notFound, type SluiceError, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { Bucket } from '../records/bucket.ts'
import { type Action, permission } from '../records/permission.ts'
import type { DataDirectory } from './data-directory.ts'

/** `policy` is `all` for the whole database, and undefined for the one that upstream takes by default. */
export interface DatabaseName {
  readonly database: string
  readonly policy: string | 'all' | undefined
}

export interface DatabaseAccess {
  /** The organization of the settings. Throws `unavailable` if there is none of that name. */
  orgID(): MaybePromise<ID>
  /**
   * The bucket that allows the principal the action on the database. Throws `invalid` for a name that none has;
   * `forbidden`; `not found` only for a principal who may do it on every bucket, since others could find out which
   * databases exist.
   */
  require(principal: Principal, action: Action, named: DatabaseName): MaybePromise<Bucket>
  /** Throws `forbidden` for a principal who may not create and delete buckets of the organization. */
  requireManager(principal: Principal): MaybePromise<ID>
  /** Throws `forbidden` for everybody but operators. */
  requireOperator(principal: Principal, action: Action): void
  /** The names of the buckets that the principal may read, in their order. */
  readable(principal: Principal): Promise<readonly string[]>
}

export function createDatabaseAccess(
  directory: Pick<DataDirectory, 'organization' | 'bucket' | 'bucketIDs' | 'bucketByID'>,
  {
    organization,
    hasPlainNames,
  }: {
    /** Name or id. */
    readonly organization: string
    /** Whether a slash in a name means nothing, since there are no retention policies. */
    readonly hasPlainNames: boolean
  },
): DatabaseAccess {
  function orgID(): MaybePromise<ID> {
    return andThen(directory.organization(organization), (found) => {
      if (found) return found.id
      throw unavailable(
        `the organization ${JSON.stringify(organization)} of the upstream's settings does not exist`,
      )
    })
  }

  return {
    orgID,
    require(principal, action, { database, policy }) {
      if (CONTROL.test(database) || (policy !== undefined && CONTROL.test(policy))) {
        throw invalid('a database or retention policy has no control characters in its name')
      }
      return andThen(orgID(), (org) => {
        const allowed = (bucket: Bucket | undefined): bucket is Bucket =>
          bucket?.type === 'user' &&
          may(principal, permission(action, 'buckets', { id: bucket.id, orgID: org }))
        const refused = () => refusalFor(principal, action, org, { database, policy })
        // A slash in a name would make the database `a/b` the same bucket as the policy b of the database a.
        const hasSlash = !hasPlainNames && (database.includes('/') || policy?.includes('/'))
        if (database === '' || hasSlash) throw refused()
        return andThen(bucketNamed(directory, org, database), (whole) => {
          if (allowed(whole)) return whole
          if (policy === undefined || policy === 'all' || policy === '') throw refused()
          return andThen(bucketNamed(directory, org, `${database}/${policy}`), (part) => {
            if (allowed(part)) return part
            throw refused()
          })
        })
      })
    },
    requireManager(principal) {
      return andThen(orgID(), (org) => {
        if (isOperator(principal, 'write') || may(principal, permission('write', 'buckets', { orgID: org })))
          return org
        throw forbidden('missing-permission', `write:orgs/${org}/buckets is unauthorized`, { orgID: org })
      })
    },
    requireOperator(principal, action) {
      if (isOperator(principal, action)) return
      throw forbidden('missing-permission', `${action}:instance is unauthorized`)
    },
    async readable(principal) {
      const org = await orgID()
      const names: string[] = []
      for (const id of await directory.bucketIDs(org)) {
        if (!may(principal, permission('read', 'buckets', { id, orgID: org }))) continue
        const bucket = await directory.bucketByID(id)
        if (bucket?.type === 'user') names.push(bucket.name)
      }
      return names.toSorted()
    },
  }
}

// InfluxDB 1.x copies a name into a header of its answer, which then cannot be read.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\x00-\x1f\x7f]/

/** Finds a bucket by name alone: a database whose name looks like an id is not the bucket of that id. */
export function bucketNamed(
  directory: Pick<DataDirectory, 'bucket'>,
  orgID: ID,
  name: string,
): MaybePromise<Bucket | undefined> {
  return andThen(directory.bucket(orgID, name), (found) => (found?.name === name ? found : undefined))
}

function refusalFor(
  principal: Principal,
  action: Action,
  orgID: ID,
  { database, policy }: DatabaseName,
): SluiceError {
  const name = JSON.stringify(database)
  if (may(principal, permission(action, 'buckets', { orgID }))) {
    return notFound(`database ${name} not found: no bucket has this name`)
  }
  const hint = policy === undefined ? '; if you may use one retention policy alone, name it' : ''
  return forbidden('missing-permission', `insufficient permissions to ${action} database ${name}${hint}`, {
    orgID,
  })
}
