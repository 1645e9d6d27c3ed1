import { withinOrganizationNamed } from '../access/organization-named.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { LONGEST_NAME, requireDescriptionFits, requireFits } from '../base/limits.ts'
import { type PageRequest, visiblePage } from '../base/paging.ts'
import type { Change } from '../changes.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { OrganizationStore } from '../records/organization.ts'
import { type Action, permission } from '../records/permission.ts'
import { checkBucketName } from './bucket-name.ts'
import { changedRetention, newRetention, onlyRule, type RetentionRule } from './retention.ts'

export interface BucketInput {
  readonly orgID?: ID | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly retentionPolicy?: string | undefined
  readonly retentionRules?: readonly RetentionRule[] | undefined
}

export interface BucketQuery {
  readonly id?: ID | undefined
  readonly name?: string | undefined
  readonly orgID?: ID | undefined
  readonly org?: string | undefined
}

export interface Buckets {
  create(caller: Caller, input: BucketInput): Promise<Bucket>
  get(principal: Principal, id: ID): Promise<Bucket>
  /**
   * The buckets that the principal may read, ordered by name within one organization and by id otherwise. `not found`
   * if the query names a bucket or organization that the principal may not see.
   */
  list(principal: Principal, query: BucketQuery, page: PageRequest): Promise<Bucket[]>
  update(caller: Caller, id: ID, input: BucketInput): Promise<Bucket>
  remove(caller: Caller, id: ID): Promise<void>
}

const bucketNotFound = () => notFound('bucket not found')
const nameTaken = (name: string) => conflict('name-taken', `bucket with name ${name} already exists`)

/** The permission required to act on a bucket; reading a system bucket requires only reading its organization. */
export function bucketPermission(action: Action, { id, orgID, type }: Bucket) {
  return action === 'read' && type === 'system'
    ? permission('read', 'orgs', { id: orgID })
    : permission(action, 'buckets', { id, orgID })
}

/** Throws `unauthorized` or `invalid` if the principal may create no bucket there, or none of that name. */
export function requireMayCreate(
  principal: Principal,
  { orgID, name }: { readonly orgID: ID; readonly name: string },
): void {
  requirePermission(principal, permission('write', 'buckets', { orgID }))
  checkBucketName(name)
}

export function createBuckets(deps: {
  buckets: Pick<BucketStore, 'byID' | 'byName' | 'list'>
  organizations: Pick<OrganizationStore, 'byName'>
  ids: IDGenerator
  now: Clock
  mirror: Mirror
}): Buckets {
  const { buckets, ids, mirror } = deps
  const now = () => new Date(deps.now()).toISOString()

  async function find(principal: Principal, action: Action, id: ID): Promise<Bucket> {
    const bucket = await buckets.byID(id)
    if (!bucket) throw bucketNotFound()
    requirePermission(principal, bucketPermission(action, bucket))
    return bucket
  }

  async function only(
    { id, name, orgID }: BucketQuery,
    visible: (bucket: Bucket) => boolean,
  ): Promise<Bucket> {
    const bucket = id ? await buckets.byID(id) : await buckets.byName(orgID as ID, name as string)
    // An unreadable bucket gets the same answer as a missing one, so that it does not reveal bucket names.
    if (!bucket || !visible(bucket))
      throw id ? bucketNotFound() : notFound(`bucket ${JSON.stringify(name)} not found`)
    return bucket
  }

  return {
    async create(caller, input) {
      const { orgID, name = '' } = input
      if (!orgID) throw invalid('organization id must be provided')
      const rule = onlyRule(input.retentionRules ?? [])
      requireMayCreate(caller.principal, { orgID, name })
      requireDescriptionFits('a bucket', input.description)
      requireFits('rp', input.retentionPolicy, LONGEST_NAME)
      const at = now()
      const wanted: Omit<Bucket, 'id'> = {
        orgID,
        type: 'user',
        name,
        description: input.description ?? '',
        retentionPolicy: input.retentionPolicy ?? '',
        ...newRetention(rule),
        createdAt: at,
        updatedAt: at,
      }
      return mirror.create({
        alone: () => ids.next(),
        async here(change, id) {
          if (!(await change.organizations.byID(orgID))) throw notFound('organization not found')
          const bucket: Bucket = { id, ...wanted }
          // The comparison may have found it upstream and added it in the meantime.
          const isHere = (await change.buckets.byID(id)) !== undefined
          const isKept = isHere ? change.buckets.update(bucket) : change.buckets.add(bucket)
          if (!(await isKept)) throw nameTaken(name)
          change.records({ event: 'bucket.create', target: targetOf(bucket), caller })
          return bucket
        },
        there: (upstream) => upstream.createBucket(wanted),
        isKept: async (id) => (await buckets.byID(id)) !== undefined,
        undo: (upstream, id) => upstream.removeBucket(id),
      })
    },

    get: (principal, id) => find(principal, 'read', id),

    async list(principal, query, page) {
      const visible = (bucket: Bucket) => may(principal, bucketPermission('read', bucket))
      async function within(orgID: ID | undefined): Promise<Bucket[]> {
        if (query.id || (query.name && orgID)) return [await only({ ...query, orgID }, visible)]
        return visiblePage((part) => buckets.list({ orgID, name: query.name }, part), visible, page)
      }
      if (query.id || query.orgID || !query.org) return within(query.orgID)
      const by = { principal, organizations: deps.organizations }
      return withinOrganizationNamed(query.org, by, ({ id }) => within(id))
    },

    async update(caller, id, input) {
      const rule = onlyRule(input.retentionRules ?? [])
      if (input.name !== undefined) await find(caller.principal, 'read', id)
      await find(caller.principal, 'write', id)
      requireDescriptionFits('a bucket', input.description)
      async function here(change: Change): Promise<Bucket> {
        const bucket = await change.buckets.byID(id)
        if (!bucket) throw bucketNotFound()
        const name = input.name ?? bucket.name
        if (name !== bucket.name) {
          if (bucket.type === 'system') throw invalid('system buckets cannot be renamed')
          checkBucketName(name)
        }
        const next: Bucket = {
          ...bucket,
          name,
          description: input.description ?? bucket.description,
          ...(input.retentionRules?.length ? changedRetention(bucket, rule) : {}),
          updatedAt: now(),
        }
        if (!(await change.buckets.update(next))) throw conflict('name-taken', 'bucket name is not unique')
        change.records({ event: 'bucket.update', target: targetOf(next), caller })
        return next
      }
      return mirror.change({ about: id, here, there: (upstream, next) => upstream.updateBucket(next) })
    },

    async remove(caller, id) {
      const bucket = await find(caller.principal, 'write', id)
      if (bucket.type === 'system') throw invalid('system buckets cannot be deleted')
      await mirror.change({
        about: id,
        async here(change) {
          if (!(await removeBucket(change, bucket, { caller }))) throw bucketNotFound()
        },
        there: (upstream) => upstream.removeBucket(id),
      })
    },
  }
}

/** Within a change, removes a bucket with its memberships; `false` if it is gone already. */
export async function removeBucket(
  change: Change,
  bucket: Bucket,
  by: Pick<DoneEvent, 'caller' | 'origin' | 'actor'>,
): Promise<boolean> {
  for (const { userID } of await change.memberships.ofResource(bucket.id)) change.affects(userID)
  await change.memberships.removeOfResource(bucket.id)
  await change.dbrpMappings.removeOfBucket(bucket.id)
  if (!(await change.buckets.remove(bucket.id))) return false
  change.records({ event: 'bucket.delete', target: targetOf(bucket), ...by })
  return true
}

function targetOf({ id, name, orgID }: Bucket): AuditTarget {
  return { type: 'bucket', id, name, orgID }
}
