import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../../test/support/world.ts'
import { createCountsOf } from './organization-counts.ts'

async function setUp() {
  const world = await createWorld()
  const { caller, orgID } = await world.addOperator()
  const member = await world.addUser('member')
  await world.memberships.add(caller, { type: 'orgs', id: orgID }, 'member', member)
  await world.buckets.create(caller, { orgID, name: 'metrics', retentionRules: [] })
  const organization = await world.store.organizations.byID(orgID)
  assert.ok(organization)
  return { ...world, caller, orgID, member, organization, countsOf: createCountsOf(world.store) }
}

test('members, buckets with those of the system, and tokens are counted', async () => {
  const { caller, orgID, member, organization, countsOf, addToken, asUser } = await setUp()
  await addToken(caller, member, orgID, [{ action: 'read', resource: { type: 'buckets', orgID } }])
  const expected = new Map([[orgID, { members: 2, buckets: 3, tokens: 1 }]])
  assert.deepEqual(await countsOf(caller.principal, [organization]), expected)
  assert.deepEqual(await countsOf((await asUser(member)).principal, [organization]), expected)
})

test('a token that may only read the organization learns nothing of its buckets and tokens', async () => {
  const { caller, orgID, member, organization, countsOf, addToken, asToken } = await setUp()
  const permissions = [{ action: 'read', resource: { type: 'orgs', id: orgID } }]
  const { token } = await addToken(caller, member, orgID, permissions)
  const { principal } = await asToken(token)
  assert.deepEqual((await countsOf(principal, [organization])).get(orgID), {
    ...{ members: 2, buckets: undefined, tokens: undefined },
  })
})
