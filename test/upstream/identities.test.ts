/** The requests of `src/upstream/influxdb2`, one by one. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { ID } from '../../src/domain/base/id.ts'
import type { Bucket } from '../../src/domain/records/bucket.ts'
import { permission } from '../../src/domain/records/permission.ts'
import type { UpstreamIdentities, UpstreamTokens } from '../../src/domain/records/upstream.ts'
import { createInfluxdb2Check } from '../../src/upstream/influxdb2/check.ts'
import { createInfluxdb2Client, type Influxdb2Client } from '../../src/upstream/influxdb2/client.ts'
import { createInfluxdb2Identities } from '../../src/upstream/influxdb2/identities.ts'
import { createInfluxdb2Setup } from '../../src/upstream/influxdb2/setup.ts'
import { createInfluxdb2Tokens } from '../../src/upstream/influxdb2/tokens.ts'
import { send } from '../support/http.ts'
import { startUpstream, type Upstream } from '../support/influxd/upstream.ts'
import { refused } from '../support/refused.ts'

const AT = { createdAt: '', updatedAt: '' }

suite('InfluxDB 2 as an upstream', () => {
  let upstream: Upstream
  let client: Influxdb2Client
  let identities: UpstreamIdentities
  let tokens: UpstreamTokens
  let orgID: ID

  const clientWith = (token: string) =>
    createInfluxdb2Client({ url: upstream.url, token, connectTimeoutMs: 2000, timeoutMs: 20_000 })

  before(async () => {
    upstream = await startUpstream()
    client = clientWith(upstream.operatorToken)
    identities = createInfluxdb2Identities(client)
    tokens = createInfluxdb2Tokens(client)
    orgID = upstream.orgID as ID
  })
  after(async () => {
    await client.close()
    await upstream.stop()
  })

  test('a user keeps the id that is sent, and gets one otherwise', async () => {
    const id = '0abc000000000001' as ID
    assert.equal(await identities.createUser({ id, name: 'chosen', status: 'inactive' }), id)
    const other = await identities.createUser({ name: 'given', status: 'active' })
    const { users } = await identities.list()
    assert.deepEqual(
      users.find((each) => each.id === id),
      { id, name: 'chosen', status: 'inactive' },
    )
    assert.equal(users.find((each) => each.id === other)?.name, 'given')
    await refused(() => identities.createUser({ name: 'given', status: 'active' }), 'conflict')
    await refused(() => identities.updateUser({ id, name: 'given', status: 'active' }), 'conflict')
  })

  test('an organization belongs to nobody, and comes with its system buckets', async () => {
    const { id, buckets } = await identities.createOrganization({ name: 'new', description: 'x' })
    assert.deepEqual(buckets.map(({ name }) => name).sort(), ['_monitoring', '_tasks'])
    assert.ok(buckets.every(({ type, orgID }) => type === 'system' && orgID === id))
    assert.deepEqual(await identities.membershipsOf([{ resourceType: 'orgs', resourceID: id }]), [])
    await identities.updateOrganization({ id, name: 'newer', description: 'y', ...AT })
    const { organizations } = await identities.list()
    const { name, description } = organizations.find((each) => each.id === id) ?? {}
    assert.deepEqual([name, description], ['newer', 'y'])
    await refused(() => identities.createOrganization({ name: 'newer', description: '' }), 'conflict')
    await identities.removeOrganization(id)
    await identities.removeOrganization(id)
  })

  test('a bucket has the retention that it is given', async () => {
    const wanted: Omit<Bucket, 'id'> = {
      type: 'user',
      ...{ orgID, name: 'kept', description: '', retentionPolicy: '', ...AT },
      ...{ retentionSeconds: 0, shardGroupSeconds: 86_400 },
    }
    const id = await identities.createBucket(wanted)
    const found = async () => (await identities.list()).buckets.find((each) => each.id === id)
    const { createdAt, updatedAt, ...there } = (await found()) ?? {}
    assert.deepEqual({ ...there, ...AT }, { id, ...wanted })
    await identities.updateBucket({
      id,
      ...wanted,
      name: 'short',
      retentionSeconds: 7200,
      shardGroupSeconds: 3600,
    })
    const { name, retentionSeconds, shardGroupSeconds } = (await found()) ?? {}
    assert.deepEqual([name, retentionSeconds, shardGroupSeconds], ['short', 7200, 3600])
    await refused(() => identities.createBucket({ ...wanted, name: 'short' }), 'conflict')
    await refused(() => identities.createBucket({ ...wanted, name: 'a"b' }), 'invalid')
    await identities.removeBucket(id)
    await identities.removeBucket(id)
    assert.equal(await found(), undefined)
  })

  test('a membership is added once, changed and removed, and what is missing is refused', async () => {
    const userID = await identities.createUser({ name: 'joining', status: 'active' })
    for (const [resourceType, resourceID] of [
      ['orgs', orgID],
      ['buckets', upstream.bucketID as ID],
    ] as const) {
      const membership = { userID, resourceType, resourceID, role: 'member' } as const
      const roles = async () =>
        (await identities.membershipsOf([membership])).filter((each) => each.userID === userID)
      await identities.addMembership(membership)
      await identities.addMembership(membership)
      assert.deepEqual(await roles(), [membership])
      await identities.addMembership({ ...membership, role: 'owner' })
      assert.deepEqual(await roles(), [{ ...membership, role: 'owner' }])
      await identities.removeMembership(membership)
      await identities.removeMembership(membership)
      assert.deepEqual(await roles(), [])
      const nobody = { ...membership, userID: '0abc000000000009' as ID }
      await refused(() => identities.addMembership(nobody), 'not found')
    }
  })

  test('lists of more than one page are whole', async () => {
    for (let number = 0; number < 101; number++) {
      await identities.createUser({ name: `u${number}`, status: 'active' })
      await client.send('POST', '/api/v2/orgs', { json: { name: `o ${number}` } })
    }
    const { users, organizations, buckets, operatorID } = await identities.list()
    for (const records of [users, organizations, buckets]) {
      assert.ok(records.length > 101)
      assert.equal(new Set(records.map(({ id }) => id)).size, records.length)
    }
    assert.ok(buckets.length > 202)
    assert.equal(operatorID, upstream.userID)
  })

  test('a minted token works until it is removed', async () => {
    const userID = upstream.userID as ID
    const permissions = [permission('read', 'buckets', { id: upstream.bucketID as ID, orgID })]
    const description = 'sluice test 1'
    const { id, token } = await tokens.mint({ userID, orgID, permissions, description })
    const headers = { authorization: `Token ${token}` }
    const path = `/api/v2/buckets/${upstream.bucketID}`
    const read = () => send(upstream.url, { method: 'GET', path, headers })
    assert.equal((await read()).status, 200)
    const [found, ...others] = await tokens.described('sluice test')
    assert.deepEqual([found?.id, others], [id, []])
    assert.ok(Math.abs(Date.parse(found?.createdAt ?? '') - Date.now()) < 60_000)
    await tokens.remove(id)
    await tokens.remove(id)
    assert.equal((await read()).status, 401)
    assert.deepEqual(await tokens.described('sluice test'), [])
    await refused(() => tokens.mint({ userID, orgID, permissions: [], description }), 'invalid')
  })

  test('it says whether it is ready and set up, and whether the token is an operator’s', async () => {
    assert.equal(await createInfluxdb2Check(client).readiness(), 'ready')
    assert.equal(await createInfluxdb2Setup(client, { token: 'x' }).isAllowed(), false)
    assert.deepEqual(await createInfluxdb2Check(client).configuration(), {
      isOperator: true,
      isHardened: false,
    })
    const permissions = [permission('read', 'buckets', { orgID })]
    const limited = await tokens.mint({ userID: upstream.userID as ID, orgID, permissions, description: '' })
    for (const token of [limited.token, 'no token at all']) {
      const other = clientWith(token)
      assert.equal((await createInfluxdb2Check(other).configuration())?.isOperator, false)
      await refused(
        () => createInfluxdb2Identities(other).createUser({ name: 'x', status: 'active' }),
        'unavailable',
      )
      await other.close()
    }
  })
})
