/** For tests: an upstream in memory, by the rules of InfluxDB, with faults that a test chooses call by call. */
import { conflict, notFound, unavailable } from '../../src/domain/base/errors.ts'
import type { ID } from '../../src/domain/base/id.ts'
import type { MaybePromise } from '../../src/domain/base/maybe-promise.ts'
import type { Bucket } from '../../src/domain/records/bucket.ts'
import type { DbrpMapping } from '../../src/domain/records/dbrp-mapping.ts'
import type { Membership } from '../../src/domain/records/membership.ts'
import type { Organization } from '../../src/domain/records/organization.ts'
import type { UpstreamIdentities, UpstreamSetup } from '../../src/domain/records/upstream.ts'
import type { User } from '../../src/domain/records/user.ts'

/** `before`: nothing is done. `after`: it is done, and the answer is lost. */
export type Fault = 'before' | 'after' | undefined

export type MemoryUpstream = ReturnType<typeof createMemoryUpstream>

const AT = '2026-01-01T00:00:00.000Z'

export const away = () => unavailable('upstream is away')

export function createMemoryUpstream() {
  const users = new Map<ID, User>()
  const organizations = new Map<ID, Organization>()
  const buckets = new Map<ID, Bucket>()
  const memberships = new Map<string, Membership>()
  const stopped = new Set<ID>()
  const mappings = new Map<ID, DbrpMapping>()
  const calls: string[] = []
  const state = {
    /** Decides the fate of each call but `list` and `membershipsOf`, by its name. */
    fault: (_call: string): MaybePromise<Fault> => undefined,
    operatorID: undefined as ID | undefined,
    isAway: false,
  }
  let made = 0

  /** Ids without an order, like those of InfluxDB. */
  function nextID(): ID {
    made += 1
    return (BigInt.asUintN(64, BigInt(made) * 0x9e3779b97f4a7c15n) | 1n).toString(16).padStart(16, '0') as ID
  }
  const keyOf = ({ resourceID, userID }: Membership) => `${resourceID}/${userID}`

  async function call<T>(name: string, work: () => T): Promise<T> {
    calls.push(name)
    const fault = state.isAway ? 'before' : await state.fault(name)
    if (fault === 'before') throw away()
    const result = work()
    if (fault === 'after') throw away()
    return result
  }

  function requireFree(records: Iterable<{ id: ID; name: string }>, name: string, id?: ID): void {
    for (const each of records) {
      if (each.name === name && each.id !== id) throw conflict('name-taken', `${name} already exists`)
    }
  }
  function mustHave<T>(records: ReadonlyMap<ID, T>, id: ID, what: string): T {
    const record = records.get(id)
    if (!record) throw notFound(`${what} not found`)
    return record
  }
  const inOrganization = (orgID: ID) => [...buckets.values()].filter((each) => each.orgID === orgID)

  function addBucket(bucket: Omit<Bucket, 'id'>): Bucket {
    requireFree(inOrganization(bucket.orgID), bucket.name)
    const whole = { ...bucket, id: nextID() }
    buckets.set(whole.id, whole)
    return whole
  }
  function addOrganization({ name, description }: Pick<Organization, 'name' | 'description'>) {
    requireFree(organizations.values(), name)
    const id = nextID()
    organizations.set(id, { id, name, description, createdAt: AT, updatedAt: AT })
    const system = (name: string, description: string, days: number) =>
      addBucket({
        ...{
          orgID: id,
          type: 'system',
          name,
          description,
          retentionPolicy: '',
          createdAt: AT,
          updatedAt: AT,
        },
        ...{ retentionSeconds: days * 86_400, shardGroupSeconds: 86_400 },
      })
    return {
      id,
      buckets: [
        system('_tasks', 'System bucket for task logs', 3),
        system('_monitoring', 'System bucket for monitoring logs', 7),
      ],
    }
  }
  function removeMembers(isConcerned: (each: Membership) => boolean): void {
    for (const each of [...memberships.values()]) if (isConcerned(each)) memberships.delete(keyOf(each))
  }
  function removeBucket(id: ID): void {
    buckets.delete(id)
    removeMembers(({ resourceID }) => resourceID === id)
  }
  function addUser(user: Pick<User, 'name' | 'status'> & { readonly id?: ID }): ID {
    requireFree(users.values(), user.name)
    const id = user.id ?? nextID()
    users.set(id, { name: user.name, status: user.status, id })
    return id
  }

  const identities: UpstreamIdentities = {
    createUser: (user) => call('createUser', () => addUser(user)),
    updateUser: (user) =>
      call('updateUser', () => {
        mustHave(users, user.id, 'user')
        requireFree(users.values(), user.name, user.id)
        users.set(user.id, user)
      }),
    removeUser: (id) =>
      call('removeUser', () => {
        users.delete(id)
        removeMembers(({ userID }) => userID === id)
      }),
    stopTasksOf: (id) =>
      call('stopTasksOf', () => {
        stopped.add(id)
      }),
    createOrganization: (wanted) => call('createOrganization', () => addOrganization(wanted)),
    updateOrganization: (next) =>
      call('updateOrganization', () => {
        mustHave(organizations, next.id, 'organization')
        requireFree(organizations.values(), next.name, next.id)
        organizations.set(next.id, next)
      }),
    removeOrganization: (id) =>
      call('removeOrganization', () => {
        organizations.delete(id)
        for (const bucket of inOrganization(id)) removeBucket(bucket.id)
        removeMembers(({ resourceID }) => resourceID === id)
      }),
    createBucket: (wanted) =>
      call('createBucket', () => {
        mustHave(organizations, wanted.orgID, 'organization')
        return addBucket(wanted).id
      }),
    updateBucket: (next) =>
      call('updateBucket', () => {
        requireFree(inOrganization(mustHave(buckets, next.id, 'bucket').orgID), next.name, next.id)
        buckets.set(next.id, next)
      }),
    removeBucket: (id) => call('removeBucket', () => removeBucket(id)),
    addMembership: (membership) =>
      call('addMembership', () => {
        mustHave(users, membership.userID, 'user')
        memberships.set(keyOf(membership), membership)
      }),
    removeMembership: (membership) =>
      call('removeMembership', () => {
        memberships.delete(keyOf(membership))
      }),
    async list() {
      if (state.isAway) throw away()
      return {
        users: [...users.values()],
        organizations: [...organizations.values()],
        buckets: [...buckets.values()],
        operatorID: state.operatorID,
      }
    },
    async mappingsOf(organizations) {
      if (state.isAway) throw away()
      return [...mappings.values()].filter(({ orgID }) => organizations.includes(orgID))
    },
    async membershipsOf(resources) {
      if (state.isAway) throw away()
      const ids = new Set(resources.map(({ resourceID }) => resourceID))
      return [...memberships.values()].filter(({ resourceID }) => ids.has(resourceID))
    },
  }

  const setup: UpstreamSetup = {
    async isAllowed() {
      if (state.isAway) throw away()
      return users.size === 0 && organizations.size === 0
    },
    run: ({ username, org, bucket, retentionSeconds }) =>
      call('setup', () => {
        const userID = addUser({ name: username, status: 'active' })
        const organization = addOrganization({ name: org, description: '' })
        const membership: Membership = {
          ...{ userID, resourceType: 'orgs', resourceID: organization.id, role: 'owner' },
        }
        memberships.set(keyOf(membership), membership)
        const { id: bucketID } = addBucket({
          ...{ orgID: organization.id, type: 'user', name: bucket, description: '', retentionPolicy: '' },
          ...{ retentionSeconds, shardGroupSeconds: 604_800, createdAt: AT, updatedAt: AT },
        })
        state.operatorID = userID
        return { userID, organization, bucketID }
      }),
  }
  return {
    ...{ identities, setup, state, calls, stopped, mappings, users, organizations, buckets, memberships },
    addUser,
    addOrganization,
    addBucket: (orgID: ID, name: string) =>
      addBucket({
        ...{ orgID, name, type: 'user', description: '', retentionPolicy: '' },
        ...{ retentionSeconds: 0, shardGroupSeconds: 604_800, createdAt: AT, updatedAt: AT },
      }),
  }
}
