import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { callerWith, createWorld, NOBODY } from '../../../test/support/world.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { type Permission, permission } from '../records/permission.ts'
import { createBucketAccess } from './bucket-access.ts'
import { createDataDirectory } from './data-directory.ts'

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const create = async (name: string) => {
    const { id } = await world.organizations.create(operator.caller, { name })
    const bucket = await world.buckets.create(operator.caller, { orgID: id, name: `points of ${name}` })
    return { orgID: id, bucketID: bucket.id, name: bucket.name }
  }
  const directory = createDataDirectory({ ...world.store, now: world.clock.now })
  const access = createBucketAccess(directory)
  const [a, b] = [await create('a'), await create('b')]
  const writer = callerWith(compilePermissions([permission('write', 'buckets', { orgID: a.orgID })]))
  const write = (named: Parameters<typeof access.bucket>[2]) =>
    access.bucket(writer.principal, 'write', named, 'no')
  return { access, a, b, write, world, operator }
}

suite('the organization that a request names', () => {
  test('is found by name and by id, in either parameter that takes it', async () => {
    const { access, a } = await setUp()
    for (const named of [
      { org: 'a' },
      { org: a.orgID },
      { orgID: a.orgID },
      { org: 'a', orgID: a.orgID.toUpperCase() },
      { org: '', orgID: a.orgID },
    ]) {
      assert.equal((await access.organization(named)).id, a.orgID, JSON.stringify(named))
    }
  })

  test('is refused where it does not exist, is named twice or not at all', async () => {
    const { access, b } = await setUp()
    await refused(() => access.organization({}), 'not found', 'organization not found')
    await refused(() => access.organization({ org: 'c' }), 'not found', 'organization name "c" not found')
    await refused(() => access.organization({ org: NOBODY }), 'not found', 'organization not found')
    await refused(() => access.organization({ orgID: NOBODY }), 'not found', 'organization not found')
    await refused(() => access.organization({ orgID: 'a' }), 'invalid', /16 bytes/)
    await refused(() => access.organization({ org: 'a', orgID: b.orgID }), 'invalid', /two different/)
    await refused(() => access.organization({ org: 'c', orgID: b.orgID }), 'invalid', /two different/)
  })
})

suite('the bucket that a request names', () => {
  test('is found by name, by id in place of the name, and by id', async () => {
    const { a, write } = await setUp()
    for (const named of [
      { bucket: a.name },
      { bucket: a.bucketID },
      { bucketID: a.bucketID.toUpperCase() },
      { bucket: a.name, bucketID: a.bucketID },
    ]) {
      assert.equal((await write({ org: 'a', ...named })).id, a.bucketID, JSON.stringify(named))
    }
  })

  test('is not found in another organization, by which parameter ever: InfluxDB would write to it', async () => {
    const { a, b, write } = await setUp()
    for (const named of [{ bucket: b.name }, { bucket: b.bucketID }, { bucketID: b.bucketID }, {}]) {
      await refused(() => write({ orgID: a.orgID, ...named }), 'not found', /^bucket .*not found$/)
    }
    await refused(
      () => write({ org: 'a', bucket: b.bucketID, bucketID: a.bucketID }),
      'invalid',
      /two different/,
    )
  })

  test('is refused where the principal may not do that with it', async () => {
    const { a, b, write, access } = await setUp()
    await refused(() => write({ org: 'b', bucket: b.bucketID }), 'forbidden', 'no')
    const reader = callerWith(compilePermissions([permission('read', 'buckets', { id: a.bucketID })]))
    const named = { org: 'a', bucketID: a.bucketID }
    await refused(() => access.bucket(reader.principal, 'write', named, 'no'), 'forbidden', 'no')
    assert.equal((await access.bucket(reader.principal, 'read', named, 'no')).id, a.bucketID)
  })

  test('says in the audit log in which organization it was refused', async () => {
    const { b, write } = await setUp()
    await assert.rejects(async () => write({ org: 'b', bucket: b.name }), { orgID: b.orgID })
  })
})

test('a bucket by its id alone may be used by who may use it where it lies', async () => {
  const { access, a, b } = await setUp()
  const may = (held: readonly Permission[], actions: readonly ('read' | 'write')[], id = a.bucketID) =>
    access.mayUse(callerWith(compilePermissions(held)).principal, actions, id)
  const read = permission('read', 'buckets', { orgID: a.orgID })
  assert.ok(await may([read], ['read']))
  assert.ok(!(await may([read], ['read', 'write'])))
  assert.ok(await may([read, permission('write', 'buckets', { id: a.bucketID })], ['read', 'write']))
  assert.ok(!(await may([read], ['read'], b.bucketID)))
  assert.ok(!(await may([permission('read', 'buckets')], ['read'], NOBODY)), 'it does not exist')
})
