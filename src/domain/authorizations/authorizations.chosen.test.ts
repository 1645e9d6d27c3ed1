/** Tokens chosen by the client, and the fields that an update may repeat but not change. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { ACTIONS, permission } from '../records/permission.ts'

const CHOSEN = 'telegraf-0123456789-0123456789-ab'

async function setUp() {
  const world = await createWorld()
  const { orgID, caller: admin, userID } = await world.addOperator()
  const permissions = [permission('read', 'buckets', { orgID })]
  const create = (more: object) => world.authorizations.create(admin, { orgID, permissions, ...more })
  return { ...world, orgID, admin, userID, permissions, create }
}

suite('a chosen token', () => {
  test('is returned once, unchanged', async () => {
    const { create, asToken } = await setUp()
    assert.equal((await create({ token: CHOSEN })).token, CHOSEN)
    await asToken(CHOSEN)
    await refused(() => create({ token: CHOSEN }), 'conflict')
  })

  test('may not equal the previous secret of a rotated token', async () => {
    const { create, authorizations, admin } = await setUp()
    const { details } = await create({ token: CHOSEN })
    await authorizations.rotate(admin, details.authorization.id, 3600)
    await refused(() => create({ token: CHOSEN }), 'conflict')
  })

  test('must be hard to guess and safe in a header; setup accepts a shorter one', async () => {
    const { create } = await setUp()
    const long = 'x'.repeat(40)
    const bad = ['short', 'x'.repeat(31), 'x'.repeat(1025), `${long}\n`, ` ${long}`, `${long}ü`, `${long}\0`]
    for (const token of bad) {
      await refused(() => create({ token }), 'invalid', /^a chosen token m/)
    }
    const { setup, asToken } = await createWorld()
    const first = { username: 'ada', org: 'lab', bucket: 'b' }
    for (const token of [' ', 'x'.repeat(15), `${long}\n`, 'abc\0def']) {
      await refused(() => setup.run({ ...first, token }, ORIGIN), 'invalid', /^a chosen token m/)
    }
    assert.ok(await setup.allowed())
    await setup.run({ ...first, token: 'x'.repeat(16) }, ORIGIN)
    await asToken('x'.repeat(16))
  })

  test('is replaced by a random one if it is empty', async () => {
    const { create } = await setUp()
    assert.match((await create({ token: '' })).token, /^[\w-]{86}==$/)
  })
})

suite('permissions in another organization', () => {
  test('are refused with InfluxDB’s message; permissions with only an id are accepted', async () => {
    const { create, organizations, buckets, admin, orgID } = await setUp()
    const { id: other } = await organizations.create(admin, { name: 'other' })
    const message = `permission write:orgs/${other}/buckets is not for org id ${orgID}`
    const there = [permission('write', 'buckets', { orgID: other })]
    await refused(() => create({ permissions: there }), 'invalid', message)
    const { id } = await buckets.create(admin, { orgID: other, name: 'b' })
    await create({ permissions: [permission('write', 'buckets', { id })] })
  })
})

suite('an update', () => {
  test('cannot change permissions, organization, user or secret', async () => {
    const { create, authorizations, admin, orgID, userID } = await setUp()
    const { id } = (await create({ token: CHOSEN })).details.authorization
    const other = '00000000000000aa'
    for (const change of [
      { permissions: ACTIONS.map((action) => permission(action, 'buckets', { orgID })) },
      { permissions: [] },
      { orgID: other },
      { userID: other },
      { token: `${CHOSEN}x` },
      { graceUntil: '2030-01-01T00:00:00Z' },
    ]) {
      await refused(() => authorizations.update(admin, id, { status: 'inactive', ...change }), 'invalid')
    }
    const { authorization } = await authorizations.get(admin.principal, id)
    assert.deepEqual([authorization.status, authorization.userID], ['active', userID])
  })

  test('may repeat the current values, as InfluxDB’s Python client does', async () => {
    const { create, authorizations, admin, orgID, userID, permissions } = await setUp()
    const { id } = (await create({ token: CHOSEN })).details.authorization
    const sent = [{ action: 'read', resource: { type: 'buckets', orgID: orgID.toUpperCase(), name: 'x' } }]
    assert.equal(permissions.length, sent.length)
    const repeated = { permissions: sent, orgID, userID, token: CHOSEN }
    const { authorization } = await authorizations.update(admin, id, { status: 'inactive', ...repeated })
    assert.equal(authorization.status, 'inactive')
  })
})
