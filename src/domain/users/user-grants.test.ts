import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import { formatPermission, permission } from '../records/permission.ts'
import { createGrantsOf } from './user-grants.ts'

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const grantsOf = createGrantsOf({ ssoTokens: 'bounded', ...world.store, now: world.clock.now })
  return { ...world, operator, admin: operator.caller, userID, grantsOf }
}

test('the grants of another user require read permission, and a missing user is not found', async () => {
  const { grantsOf, admin, operator, asUser, userID } = await setUp()
  const { principal } = await asUser(userID)
  await refused(
    () => grantsOf(principal, operator.userID),
    'unauthorized',
    `read:users/${operator.userID} is unauthorized`,
  )
  await refused(() => grantsOf(admin.principal, NOBODY), 'not found', 'user not found')
})

test('every permission has a source: the own account, a membership or an active token', async () => {
  const { grantsOf, memberships, authorizations, admin, operator, userID, asUser, addToken } = await setUp()
  const { orgID } = operator
  await memberships.add(admin, { type: 'orgs', id: orgID }, 'member', userID)
  const { id } = await addToken(admin, userID, orgID, [permission('read', 'tasks', { orgID })])
  const off = await addToken(admin, userID, orgID, [permission('write', 'tasks', { orgID })])
  await authorizations.update(admin, off.id, { status: 'inactive' })
  const { grants, operator: isOperator } = await grantsOf((await asUser(userID)).principal, userID)
  assert.deepEqual(
    grants.map(({ kind, role, resource, authorization }) => [kind, role, resource?.name, authorization?.id]),
    [
      ['self', undefined, undefined, undefined],
      ['membership', 'member', "operator's", undefined],
      ['token', undefined, undefined, id],
    ],
  )
  assert.deepEqual(grants[2]?.permissions.map(formatPermission), [`read:orgs/${orgID}/tasks`])
  assert.equal(isOperator, false)
})

test('a token that was reported expired is no source, even if the clock is set back', async () => {
  const { grantsOf, authorizations, store, clock, admin, operator, userID, asUser } = await setUp()
  const { orgID } = operator
  const permissions = [permission('read', 'tasks', { orgID })]
  const inAnHour = new Date(clock.now() + 3_600_000).toISOString()
  await authorizations.create(admin, { orgID, userID, permissions, expiresAt: inAnHour })
  const kinds = async () => {
    const { grants } = await grantsOf((await asUser(userID)).principal, userID)
    return grants.map(({ kind }) => kind)
  }
  assert.deepEqual(await kinds(), ['self', 'token'])
  clock.forward(3_600_000)
  await store.authorizations.markExpired(inAnHour)
  clock.forward(-3_600_000)
  assert.deepEqual(await kinds(), ['self'])
})

test('an operator is reported as such, but not from within one organization', async () => {
  const { grantsOf, admin, operator, asUser, organizations } = await setUp()
  assert.equal((await grantsOf(admin.principal, operator.userID)).operator, true)
  const { id: other } = await organizations.create(admin, { name: 'other' })
  const { principal } = await asUser(operator.userID, other)
  const confined = await grantsOf(principal, operator.userID)
  assert.equal(confined.operator, false)
  assert.deepEqual(
    confined.grants.flatMap(({ resource }) => resource?.id ?? []),
    [other],
  )
})
