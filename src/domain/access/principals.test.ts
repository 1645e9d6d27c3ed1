import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { type Action, permission } from '../records/permission.ts'
import { may } from './principal.ts'

const inOrg = (action: Action, orgID: ID) => permission(action, 'buckets', { orgID })

/** A world with an operator and a plain user, whose principals are all kept already. */
async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const reads = async (orgID: ID) => may((await world.asUser(userID)).principal, inOrg('read', orgID))
  const writes = async (orgID: ID) => may((await world.asUser(userID)).principal, inOrg('write', orgID))
  return { ...world, operator, userID, reads, writes, joined: { type: 'orgs', id: operator.orgID } as const }
}

suite('a session shows every change in the very next request', () => {
  test('of memberships', async () => {
    const { memberships, operator, userID, joined, reads, writes } = await setUp()
    assert.ok(!(await reads(operator.orgID)))
    await memberships.add(operator.caller, joined, 'member', userID)
    assert.deepEqual([await reads(operator.orgID), await writes(operator.orgID)], [true, false])
    await memberships.remove(operator.caller, joined, userID)
    assert.ok(!(await reads(operator.orgID)))
    await memberships.add(operator.caller, joined, 'owner', userID)
    assert.ok(await writes(operator.orgID))
  })

  test('of name and status, and of being gone', async () => {
    const { users, ofUser, operator, userID, asUser } = await setUp()
    await asUser(userID)
    await users.update(operator.caller, userID, { name: 'Ada', status: 'inactive' })
    assert.deepEqual(
      { ...(await asUser(userID)).principal.user },
      { id: userID, name: 'Ada', status: 'inactive' },
    )
    await users.remove(operator.caller, userID)
    assert.equal(await ofUser(userID), undefined)
  })

  test("of its user's tokens, whose permissions it has while they are active", async () => {
    const { authorizations, operator, userID, addToken, writes } = await setUp()
    const { orgID, caller } = operator
    assert.ok(!(await writes(orgID)))
    const { id } = await addToken(caller, userID, orgID, [inOrg('write', orgID)])
    assert.ok(await writes(orgID))
    await authorizations.update(caller, id, { status: 'inactive' })
    assert.ok(!(await writes(orgID)))
    await authorizations.update(caller, id, { status: 'active' })
    assert.ok(await writes(orgID))
    await authorizations.remove(caller, id)
    assert.ok(!(await writes(orgID)))
  })

  test('of a bucket that it belonged to', async () => {
    const { buckets, memberships, operator, userID, asUser } = await setUp()
    const { id } = await buckets.create(operator.caller, { orgID: operator.orgID, name: 'b' })
    const reads = async () => may((await asUser(userID)).principal, permission('read', 'buckets', { id }))
    await memberships.add(operator.caller, { type: 'buckets', id }, 'member', userID)
    assert.ok(await reads())
    await buckets.remove(operator.caller, id)
    assert.ok(!(await reads()))
  })

  test('a change that is not kept changes nothing', async () => {
    const { changes, userID, operator, reads } = await setUp()
    const failing = changes(async (change) => {
      const membership = { userID, resourceType: 'orgs', resourceID: operator.orgID, role: 'owner' } as const
      await change.memberships.add(membership)
      change.affects(userID)
      throw new Error('second thoughts')
    })
    await assert.rejects(failing, /second thoughts/)
    assert.ok(!(await reads(operator.orgID)))
  })
})

suite('tokens', () => {
  test('an unknown one gives nothing', async () => {
    const { principals } = await setUp()
    for (const token of ['', 'nope']) {
      await refused(() => principals.ofToken(token), 'unauthorized', 'unauthorized access')
    }
  })

  test('a switched-off one gives nothing from the next request on, and says so', async () => {
    const { authorizations, operator, userID, addToken, asToken } = await setUp()
    const { token, id } = await addToken(operator.caller, userID, operator.orgID, [
      inOrg('read', operator.orgID),
    ])
    await asToken(token)
    await authorizations.update(operator.caller, id, { status: 'inactive' })
    await refused(() => asToken(token), 'unauthorized', 'token is inactive')
    await authorizations.remove(operator.caller, id)
    await refused(() => asToken(token), 'unauthorized', 'unauthorized access')
  })

  test("an inactive user's gives nothing, a deleted user's is gone", async () => {
    const { users, operator, userID, addToken, asToken } = await setUp()
    const { token } = await addToken(operator.caller, userID, operator.orgID, [inOrg('read', operator.orgID)])
    await asToken(token)
    await users.update(operator.caller, userID, { status: 'inactive' })
    await refused(() => asToken(token), 'forbidden', 'User is inactive')
    await users.remove(operator.caller, userID)
    await refused(() => asToken(token), 'unauthorized', 'unauthorized access')
  })

  test('one has its own permissions, not those of its user', async () => {
    const { operator, addToken, asToken } = await setUp()
    const { userID, orgID, caller } = operator
    const { token } = await addToken(caller, userID, orgID, [inOrg('read', orgID)])
    const { principal } = await asToken(token)
    assert.equal(principal.kind, 'token')
    assert.ok(may(principal, inOrg('read', orgID)))
    assert.ok(!may(principal, inOrg('write', orgID)))
    assert.ok(!may(principal, permission('read', 'users', { id: userID })))
  })
})

suite('time alone', () => {
  const MINUTE = 60_000

  test('ends what a token with an end gives a session, to the millisecond, and no more than that', async () => {
    const { authorizations, operator, userID, clock, reads, writes } = await setUp()
    const { orgID, caller } = operator
    const add = (action: Action, ms: number) =>
      authorizations.create(caller, {
        ...{ orgID, userID, permissions: [inOrg(action, orgID)] },
        expiresAt: new Date(clock.at + ms).toISOString(),
      })
    await add('read', 2 * MINUTE)
    await add('write', MINUTE)
    assert.deepEqual([await reads(orgID), await writes(orgID)], [true, true])
    clock.forward(MINUTE - 1)
    assert.deepEqual([await reads(orgID), await writes(orgID)], [true, true])
    clock.forward(1)
    assert.deepEqual([await reads(orgID), await writes(orgID)], [true, false])
    clock.forward(MINUTE)
    assert.ok(!(await reads(orgID)))
  })

  test('notes the use of tokens that work, of no others', async () => {
    const { operator, userID, addToken, asToken, tokenUsage, clock, authorizations } = await setUp()
    const { orgID, caller } = operator
    const { token, id } = await addToken(caller, userID, orgID, [inOrg('read', orgID)])
    assert.equal(tokenUsage.lastUse(id), undefined)
    await asToken(token)
    clock.forward(MINUTE)
    await asToken(token)
    const last = clock.at
    assert.equal(tokenUsage.lastUse(id), last)
    await authorizations.update(caller, id, { status: 'inactive' })
    clock.forward(MINUTE)
    await refused(() => asToken(token), 'unauthorized', 'token is inactive')
    assert.equal(tokenUsage.lastUse(id), last)
  })
})

suite('a session that is confined to one organization', () => {
  test('has nothing of any other, from memberships or tokens', async () => {
    const { organizations, buckets, memberships, operator, userID, addToken, asUser } = await setUp()
    const { caller, orgID: home } = operator
    const other = (await organizations.create(caller, { name: 'other' })).id
    const elsewhere = (await buckets.create(caller, { orgID: other, name: 'b' })).id
    await memberships.add(caller, { type: 'orgs', id: home }, 'member', userID)
    await memberships.add(caller, { type: 'orgs', id: other }, 'owner', userID)
    await memberships.add(caller, { type: 'buckets', id: elsewhere }, 'owner', userID)
    const there = { id: (await buckets.create(caller, { orgID: home, name: 'c' })).id }
    await addToken(caller, userID, other, [inOrg('write', other), permission('write', 'buckets', there)])

    const { principal } = await asUser(userID, home)
    assert.equal(principal.confinedTo, home)
    assert.ok(may(principal, inOrg('read', home)))
    // A token of another organization hands nothing to this one.
    assert.ok(!may(principal, permission('write', 'buckets', { ...there, orgID: home })))
    assert.ok(!may(principal, inOrg('read', other)))
    assert.ok(!may(principal, permission('read', 'buckets', { orgID: other, id: elsewhere })))
    assert.ok(may((await asUser(userID)).principal, inOrg('write', other)))
  })

  test('loses what it has when the membership ends', async () => {
    const { memberships, operator, userID, asUser, joined } = await setUp()
    await memberships.add(operator.caller, joined, 'member', userID)
    const reads = async () =>
      may((await asUser(userID, operator.orgID)).principal, inOrg('read', operator.orgID))
    assert.ok(await reads())
    await memberships.remove(operator.caller, joined, userID)
    assert.ok(!(await reads()))
  })
})
