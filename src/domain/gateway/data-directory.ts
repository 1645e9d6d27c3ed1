import type { Clock } from '../base/clock.ts'
import { type ID, idIn } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'

/**
 * The ids of an organization's buckets. The same array object means that the list is unchanged, so callers may compare
 * by reference.
 */
export type BucketIDs = readonly ID[]

/**
 * Finds organizations and buckets by the names and ids in forwarded requests. It caches what it finds until this
 * process changes any organization or bucket, and for at most a second: within it another node may have renamed one,
 * and then the earlier name still leads to the same id, whose rights are checked as always. It does not cache that
 * something was not found.
 */
export interface DataDirectory {
  /** Finds an organization by id, else by name. */
  organization(nameOrID: string): MaybePromise<Organization | undefined>
  organizationByID(id: ID): MaybePromise<Organization | undefined>
  /** The oldest organization; undefined if there is none. */
  anyOrganization(): MaybePromise<Organization | undefined>
  /** A bucket of this organization, found as InfluxDB does for a write: by id, else by name. */
  bucket(orgID: ID, nameOrID: string): MaybePromise<Bucket | undefined>
  /** A bucket of any organization. */
  bucketByID(id: ID): MaybePromise<Bucket | undefined>
  bucketIDs(orgID: ID): MaybePromise<BucketIDs>
  /** Call it after any change of an organization or a bucket. */
  forget(): void
}

const KEPT_MS = 1000
/** A client that asks for ever new names must not fill the memory. */
const MOST_KEPT = 10_000

export function createDataDirectory(deps: {
  organizations: Pick<OrganizationStore, 'byID' | 'byName' | 'list'>
  buckets: Pick<BucketStore, 'byID' | 'byName' | 'idsOfOrganization'>
  now: Clock
}): DataDirectory {
  const { organizations, buckets } = deps
  const kept = new Map<string, { readonly value: unknown; readonly until: number }>()
  /** Lists live longer than their entries, so that an unchanged list stays the same object. */
  const lists = new Map<ID, BucketIDs>()
  /** Increases with each invalidation, so that a look-up that began before it caches nothing. */
  let generation = 0

  function keeping<T>(key: string, load: () => Promise<T | undefined>): MaybePromise<T | undefined> {
    const entry = kept.get(key)
    if (entry && entry.until > deps.now()) return entry.value as T
    const begun = generation
    return load().then((value) => {
      if (value !== undefined && begun === generation) {
        if (kept.size >= MOST_KEPT) kept.clear()
        kept.set(key, { value, until: deps.now() + KEPT_MS })
      }
      return value
    })
  }

  const bucketByID = (id: ID) => keeping(`bucket ${id}`, () => buckets.byID(id))
  const organizationByID = (id: ID) => keeping(`org ${id}`, () => organizations.byID(id))
  const organizationNamed = (name: string) => keeping(`org named ${name}`, () => organizations.byName(name))

  function bucketNamed(orgID: ID, name: string): MaybePromise<Bucket | undefined> {
    return keeping(`bucket ${orgID} ${name}`, () => buckets.byName(orgID, name))
  }

  return {
    organization(nameOrID) {
      const id = idIn(nameOrID)
      if (!id) return organizationNamed(nameOrID)
      return andThen(organizationByID(id), (found) => found ?? organizationNamed(nameOrID))
    },
    organizationByID,
    anyOrganization: () =>
      keeping('any org', async () => {
        const [found] = await organizations.list({ limit: 1, offset: 0, descending: false })
        return found
      }),
    bucket(orgID, nameOrID) {
      const id = idIn(nameOrID)
      if (!id) return bucketNamed(orgID, nameOrID)
      return andThen(bucketByID(id), (found) =>
        found?.orgID === orgID ? found : bucketNamed(orgID, nameOrID),
      )
    },
    bucketByID,
    bucketIDs(orgID) {
      const found = keeping(`buckets ${orgID}`, async () => {
        const ids = await buckets.idsOfOrganization(orgID)
        const before = lists.get(orgID)
        if (before && before.length === ids.length && before.every((id, at) => id === ids[at])) return before
        if (lists.size >= MOST_KEPT) lists.clear()
        lists.set(orgID, ids)
        return ids
      })
      return andThen(found, (ids) => ids ?? [])
    },
    forget() {
      generation += 1
      kept.clear()
    },
  }
}
