import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { arrivalOf } from '../../../../test/support/arrival.ts'
import { bothOf, createGatewayWorld } from '../../../../test/support/gateway-world.ts'
import { refused } from '../../../../test/support/refused.ts'
import { NOBODY } from '../../../../test/support/world.ts'
import { operatorPermissions } from '../../../domain/access/grants.ts'
import type { Caller } from '../../../domain/access/principal.ts'
import type { ID } from '../../../domain/base/id.ts'
import type { Membership } from '../../../domain/records/membership.ts'
import { type Permission, permission, RESOURCE_TYPES } from '../../../domain/records/permission.ts'
import { judgeStoredFlux } from './stored-flux.ts'

const TASK = '00000000000dd001' as ID
const FORWARDED = { orgID: 'x' as ID, target: '/', body: undefined }

async function setUp({ taskRights = 'owner' as 'owner' | 'token' } = {}) {
  const gateway = await createGatewayWorld()
  const { deps, world } = gateway
  const ada = await world.addUser('ada')
  const judge = judgeStoredFlux({ ...deps, taskRights }, async () => FORWARDED)
  const join = (membership: Omit<Membership, 'userID'>, userID = ada) =>
    world.store.memberships.add({ userID, ...membership })
  /** A token of ada's. */
  function tokenOf(orgID: ID, ...held: readonly Permission[]): Caller {
    const caller = gateway.tokenOf(orgID, ...held)
    return { ...caller, principal: { ...caller.principal, user: { id: ada, name: 'ada', status: 'active' } } }
  }
  return {
    ...{ ...gateway, ada, join, tokenOf },
    create: (caller: Caller) => judge(arrivalOf(caller, 'POST', '/api/v2/tasks', { body: '{}' })),
    change: (caller: Caller, id: ID = TASK) =>
      judge(arrivalOf(caller, 'PATCH', `/api/v2/tasks/${id}`, { body: '{}' })),
  }
}

/** What InfluxDB's UI gives an all-access token. */
function allAccess(orgID: ID, userID: ID): Permission[] {
  return RESOURCE_TYPES.flatMap((type) => {
    if (type === 'instance') return []
    if (type === 'orgs') return [permission('read', 'orgs', { id: orgID })]
    if (type === 'users')
      return [permission('read', type, { id: userID }), permission('write', type, { id: userID })]
    return bothOf(type, orgID)
  })
}

suite('a new task', () => {
  test('is for who has all that its owner’s memberships let Flux do', async () => {
    const { create, join, tokenOf, a, b, ada } = await setUp()
    await join({ resourceType: 'orgs', resourceID: a.orgID, role: 'owner' })
    const tasks = bothOf('tasks', a.orgID)
    await refused(
      () => create(tokenOf(a.orgID, ...tasks)),
      'forbidden',
      /which you lack read:orgs\/\w+\/buckets$/,
    )
    await refused(
      () => create(tokenOf(a.orgID, ...tasks, ...bothOf('buckets', a.orgID))),
      'forbidden',
      /which you lack read:orgs\/\w+\/secrets$/,
    )
    const one = ['read', 'write'] as const
    const byID = one.map((action) => permission(action, 'buckets', { id: a.bucketID, orgID: a.orgID }))
    await refused(
      () => create(tokenOf(a.orgID, ...tasks, ...byID, ...bothOf('secrets', a.orgID))),
      'forbidden',
    )
    assert.equal(await create(tokenOf(a.orgID, ...allAccess(a.orgID, ada))), FORWARDED)
    await join({ resourceType: 'orgs', resourceID: b.orgID, role: 'member' })
    await refused(
      () => create(tokenOf(a.orgID, ...allAccess(a.orgID, ada))),
      'forbidden',
      new RegExp(`read:orgs/${b.orgID}/buckets`),
    )
  })

  test('of a session is always for its user, and one of a user without memberships for everybody', async () => {
    const { create, join, world, ada, a, tokenOf } = await setUp()
    assert.equal(await create(tokenOf(a.orgID)), FORWARDED)
    await join({ resourceType: 'orgs', resourceID: a.orgID, role: 'member' })
    await join({ resourceType: 'buckets', resourceID: a.bucketID, role: 'owner' })
    assert.equal(await create(await world.asUser(ada)), FORWARDED)
  })

  test('of the owner of a bucket needs that bucket, wherever it lies', async () => {
    const { create, join, tokenOf, a, b } = await setUp()
    await join({ resourceType: 'buckets', resourceID: b.bucketID, role: 'owner' })
    await refused(() => create(tokenOf(a.orgID, ...bothOf('buckets', a.orgID))), 'forbidden')
    assert.equal(await create(tokenOf(a.orgID, ...bothOf('buckets', b.orgID))), FORWARDED)
  })

  test('of an owner of the instance needs everything: the operator token of setup, which has no instance, will do', async () => {
    const { create, join, tokenOf, a, ada } = await setUp()
    await join({ resourceType: 'instance', resourceID: NOBODY, role: 'owner' })
    await refused(() => create(tokenOf(a.orgID, ...allAccess(a.orgID, ada))), 'forbidden', /read:buckets$/)
    assert.equal(await create(tokenOf(a.orgID, ...operatorPermissions())), FORWARDED)
  })
})

suite('a task that is there', () => {
  test('runs with the rights of its owner, whoever changes it', async () => {
    const { change, join, tokenOf, world, resources, a } = await setUp()
    const bob = await world.addUser('bob')
    await join({ resourceType: 'orgs', resourceID: a.orgID, role: 'owner' }, bob)
    resources.set(`tasks ${TASK}`, { orgID: a.orgID, ownerID: bob })
    await refused(() => change(tokenOf(a.orgID, ...bothOf('tasks', a.orgID))), 'forbidden')
    const enough = [...bothOf('buckets', a.orgID), ...bothOf('secrets', a.orgID)]
    assert.equal(await change(tokenOf(a.orgID, ...enough)), FORWARDED)
    assert.equal(await change(await world.asUser(bob)), FORWARDED)
  })

  test('or is not, is for upstream to say; the caller’s own rights are asked for', async () => {
    const { change, join, tokenOf, a } = await setUp()
    assert.equal(await change(tokenOf(a.orgID)), FORWARDED)
    await join({ resourceType: 'orgs', resourceID: a.orgID, role: 'member' })
    await refused(() => change(tokenOf(a.orgID)), 'forbidden')
  })
})

test('where settings say so, the right to write tasks is enough', async () => {
  const { create, change, join, tokenOf, a, asked } = await setUp({ taskRights: 'token' })
  await join({ resourceType: 'orgs', resourceID: a.orgID, role: 'owner' })
  assert.equal(await create(tokenOf(a.orgID)), FORWARDED)
  assert.equal(await change(tokenOf(a.orgID)), FORWARDED)
  assert.deepEqual(asked, [])
})
