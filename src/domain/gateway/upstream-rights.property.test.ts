/** A token upstream allows what its principal may do in that organization, and nothing in another one. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { confine } from '../access/confinement.ts'
import { membershipPermissions, operatorPermissions, selfPermissions } from '../access/grants.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { isOperator } from '../access/principal.ts'
import { invalid, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import {
  ACTIONS,
  type Permission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../records/permission.ts'
import { type BucketScope, mayUpstream, rightsWithin, upstreamRights } from './upstream-rights.ts'

const [A, B] = ['00000000000000a1' as ID, '00000000000000b1' as ID]
const [SELF, OTHER] = ['0000000000000051' as ID, '0000000000000052' as ID]
/** Two resources of each organization; every type has these ids, which lie in the same organization. */
const PLACES: ReadonlyMap<ID, ID> = new Map([
  ['00000000000aa001' as ID, A],
  ['00000000000aa002' as ID, A],
  ['00000000000bb001' as ID, B],
  ['00000000000bb002' as ID, B],
])
const IDS = [...PLACES.keys()]
const idsIn = (orgID: ID) => IDS.filter((id) => PLACES.get(id) === orgID)

/** How InfluxDB matches one held permission (authz.go, `Permission.Matches`), in its own words. */
function allows(held: Permission, wanted: Permission): boolean {
  if (held.action !== wanted.action) return false
  if (held.resource.type === 'instance') return true
  if (held.resource.type !== wanted.resource.type) return false
  const [own, other] = [held.resource, wanted.resource]
  if (!own.orgID && !own.id) return true
  if (own.orgID && own.orgID === other.orgID && !own.id) return true
  return own.id !== undefined && own.id === other.id
}

/** What InfluxDB asks for: a stored resource with its true organization, a new one of an organization, itself. */
const WANTED: readonly Permission[] = ACTIONS.flatMap((action) => [
  ...[A, B].map((id) => permission(action, 'orgs', { id })),
  ...[SELF, OTHER].map((id) => permission(action, 'users', { id })),
  ...RESOURCE_TYPES.filter((type) => !['instance', 'orgs', 'users'].includes(type)).flatMap((type) => [
    ...[A, B].map((orgID) => permission(action, type, { orgID })),
    ...IDS.map((id) => permission(action, type, { id, orgID: PLACES.get(id) as ID })),
  ]),
])

const placeOf = ({ resource: { type, id, orgID } }: Permission) => (type === 'orgs' ? id : orgID)
const isUser = ({ resource: { type } }: Permission) => type === 'users'

const types = fc.constantFrom<ResourceType>('buckets', 'dashboards', 'tasks', 'secrets', 'orgs', 'users')
const held: fc.Arbitrary<Permission> = fc
  .record({
    ...{ action: fc.constantFrom(...ACTIONS), type: types },
    id: fc.option(fc.constantFrom(...IDS, A, B, SELF, OTHER), { nil: undefined }),
    orgID: fc.option(fc.constantFrom(A, B), { nil: undefined, freq: 3 }),
  })
  .map(({ action, type, id, orgID }) =>
    permission(action, type, { ...(id ? { id } : {}), ...(orgID ? { orgID } : {}) }),
  )
const memberships: fc.Arbitrary<readonly Permission[]> = fc
  .record({
    role: fc.constantFrom('owner' as const, 'member' as const),
    resourceType: fc.constantFrom('orgs' as const, 'buckets' as const, 'instance' as const),
    at: fc.nat({ max: 3 }),
  })
  .map(({ role, resourceType, at }) =>
    membershipPermissions({
      ...{ userID: SELF, role, resourceType },
      resourceID: (resourceType === 'orgs' ? [A, B][at % 2] : IDS[at]) as ID,
    }),
  )
const principals = fc
  .record({
    tokens: fc.array(held, { maxLength: 4 }),
    ofUser: fc.array(memberships, { maxLength: 2 }),
    isItself: fc.boolean(),
    confinedTo: fc.option(fc.constantFrom(A, B), { nil: undefined, freq: 3 }),
  })
  .map(({ tokens, ofUser, isItself, confinedTo }) => {
    const all = [...tokens, ...ofUser.flat(), ...(isItself ? selfPermissions(SELF) : [])]
    const compiled = compilePermissions(all)
    return {
      user: { id: SELF, name: 'ada', status: 'active' as const },
      permissions: confinedTo ? confine(compiled, confinedTo, SELF) : compiled,
      ...(confinedTo ? { confinedTo } : {}),
    }
  })

async function find(_type: string, id: ID) {
  const orgID = PLACES.get(id)
  return orgID && { orgID, ownerID: undefined }
}

async function rightsOf(
  principal: Parameters<typeof upstreamRights>[0],
  orgID: ID,
  scope: BucketScope = 'by-id',
): Promise<readonly Permission[]> {
  return rightsWithin(orgID, upstreamRights(principal, orgID, { scope, ids: idsIn(orgID) }), { find })
}

suite('the permissions of a token upstream', () => {
  for (const scope of ['by-id', 'by-organization'] as const) {
    test(`allow what the principal may do in the organization, and nothing in another one: ${scope}`, async () => {
      await fc.assert(
        fc.asyncProperty(principals, fc.constantFrom(A, B), async (principal, orgID) => {
          const rights = await rightsOf(principal, orgID, scope)
          const isEverything = isOperator(principal, 'read') && isOperator(principal, 'write')
          for (const wanted of WANTED) {
            const isAllowed = rights.some((each) => allows(each, wanted))
            const mayDo = mayUpstream(principal, wanted)
            if (mayDo) assert.ok(principal.permissions.allows(wanted), JSON.stringify(wanted))
            const text = `${JSON.stringify(wanted)} by ${JSON.stringify(rights)}`
            if (isAllowed) assert.ok(mayDo, `too much: ${text}`)
            const isHere = isUser(wanted) ? wanted.resource.id === SELF : placeOf(wanted) === orgID
            if (!isHere) assert.ok(!isAllowed || isEverything, `elsewhere: ${text}`)
            // A new bucket is made by Sluice, so a token needs that only for templates.
            const isNewBucket = wanted.resource.type === 'buckets' && !wanted.resource.id
            if (isHere && !(isNewBucket && scope === 'by-id')) assert.equal(isAllowed, mayDo, text)
          }
        }),
        { numRuns: 500 },
      )
    })
  }

  test('are ones that InfluxDB mints: of one organization, without the instance, each once', async () => {
    await fc.assert(
      fc.asyncProperty(principals, fc.constantFrom(A, B), async (principal, orgID) => {
        const rights = await rightsOf(principal, orgID)
        const texts = rights.map((each) => JSON.stringify(each))
        assert.equal(new Set(texts).size, texts.length)
        for (const { resource } of rights) {
          assert.notEqual(resource.type, 'instance')
          assert.ok(resource.orgID === undefined || resource.orgID === orgID)
        }
      }),
    )
  })

  test('name each bucket by its id, since InfluxDB compares no organizations where it finds one by its id', async () => {
    const permissions = compilePermissions(
      membershipPermissions({
        ...{ userID: SELF, resourceType: 'orgs', resourceID: A, role: 'owner' },
      }),
    )
    const principal = { user: { id: SELF, name: 'ada', status: 'active' as const }, permissions }
    const buckets = (await rightsOf(principal, A)).filter(({ resource }) => resource.type === 'buckets')
    assert.equal(buckets.length, 4)
    assert.ok(buckets.every(({ resource }) => resource.id !== undefined))
    const ids = Array.from(
      { length: 501 },
      (_, at) => `00000000cccc${at.toString(16).padStart(4, '0')}` as ID,
    )
    const many = upstreamRights(principal, A, { scope: 'by-id', ids })
    assert.equal(many.filter(({ resource }) => resource.type === 'buckets').length, 2, 'more cost too much')
    const one = compilePermissions([permission('write', 'buckets', { id: ids[7] as ID })])
    const byID = upstreamRights({ ...principal, permissions: one }, A, { scope: 'by-id', ids })
    assert.deepEqual(byID, [permission('write', 'buckets', { id: ids[7] as ID, orgID: A })])
  })

  test('of an operator are all others than those for the instance, without a scope', () => {
    const user = { id: SELF, name: 'ada', status: 'active' as const }
    const owner = compilePermissions(
      membershipPermissions({
        ...{ userID: SELF, resourceType: 'instance', resourceID: OTHER, role: 'owner' },
      }),
    )
    for (const permissions of [owner, compilePermissions(operatorPermissions())]) {
      const rights = upstreamRights({ user, permissions }, A, { scope: 'by-id', ids: [] })
      assert.deepEqual(rights, operatorPermissions())
    }
    const confined = { user, permissions: confine(owner, A, SELF), confinedTo: A }
    const rights = upstreamRights(confined, A, { scope: 'by-id', ids: [] })
    assert.ok(rights.length > 0)
    assert.ok(rights.every(({ resource }) => resource.orgID === A || resource.id !== undefined))
  })
})

suite('an id of another organization, handed on as one of the own', () => {
  const foreignID = idsIn(B)[0] as ID
  const foreign = permission('write', 'dashboards', { id: foreignID, orgID: A })
  const own = permission('write', 'dashboards', { id: idsIn(A)[0] as ID, orgID: A })
  const of = (...permissions: Permission[]) => ({
    user: { id: SELF, name: 'ada', status: 'active' as const },
    permissions: compilePermissions(permissions),
  })

  test('is in no token: not in that of the own organization, and not in that of its own', async () => {
    assert.deepEqual(await rightsOf(of(foreign, own), A), [own])
    assert.deepEqual(await rightsOf(of(foreign, own), B), [])
    const wanted = permission('write', 'dashboards', { id: foreignID, orgID: B })
    assert.ok(!mayUpstream(of(foreign), wanted))
    assert.ok(mayUpstream(of(permission('write', 'dashboards', { id: foreignID })), wanted))
    assert.ok(mayUpstream(of(permission('write', 'dashboards', { orgID: B })), wanted))
  })

  test('does not count for an action that was not handed on there', async () => {
    const readHere = permission('read', 'dashboards', { id: foreignID, orgID: B })
    assert.deepEqual(await rightsOf(of(foreign, readHere), B), [readHere])
  })

  test('lies nowhere if upstream does not show it; an upstream that is away is no answer', async () => {
    assert.deepEqual(await rightsWithin(A, [own], { find: async () => undefined }), [])
    const failing = (error: Error) => rightsWithin(A, [own], { find: () => Promise.reject(error) })
    assert.deepEqual(await failing(invalid('no such path')), [])
    await assert.rejects(failing(unavailable('away')), { code: 'unavailable' })
  })
})
