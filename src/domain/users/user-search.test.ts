import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../../test/support/world.ts'
import { operatorPermissions } from '../access/grants.ts'
import { createDetailsOf, createOperatorIDs } from './user-details.ts'
import { createUserSearch } from './user-search.ts'

const PAGE = { offset: 0, limit: 20 }

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  for (const name of ['Zoë', 'user 10', 'user 9', 'ZOEY']) await world.addUser(name)
  const { store, clock } = world
  const operatorIDs = createOperatorIDs({ ssoTokens: 'bounded', ...store, now: () => clock.at })
  const search = createUserSearch({ ...store, operatorIDs })
  const addOrganization = async (name: string) =>
    (await world.organizations.create(operator.caller, { name })).id
  return {
    ...{ ...world, addOrganization },
    operator: operator.caller.principal,
    search,
    detailsOf: createDetailsOf({ ...store, operatorIDs }),
  }
}

test('a caller who may not read others finds only themselves, and the total does not count the others', async () => {
  const { search, addUser, asUser } = await setUp()
  const { principal } = await asUser(await addUser('user 1'))
  const { users, total } = await search(principal, { ...PAGE, search: 'user' })
  assert.deepEqual([users.map(({ name }) => name), total], [['user 1'], 1])
})

test('a part of the name is enough, ignoring case and Unicode form', async () => {
  const { search, operator } = await setUp()
  const names = async (text: string) =>
    (await search(operator, { ...PAGE, search: text })).users.map(({ name }) => name)
  assert.deepEqual(await names('zo'), ['Zoë', 'ZOEY'])
  assert.deepEqual(await names('zoe\u0308'), ['Zoë'])
  assert.deepEqual(await names('%'), [])
})

test('results are sorted by name and paged, with the total', async () => {
  const { search, operator } = await setUp()
  const pages = []
  for (const offset of [0, 2, 4]) pages.push(await search(operator, { offset, limit: 2 }))
  assert.deepEqual(
    pages.map(({ users }) => users.map(({ name }) => name)),
    [['operator', 'user 9'], ['user 10', 'Zoë'], ['ZOEY']],
  )
  assert.ok(pages.every(({ total }) => total === 5))
  const last = await search(operator, { offset: 1, limit: 2, descending: true })
  assert.deepEqual([last.users.map(({ name }) => name), last.total], [['Zoë', 'user 10'], 5])
})

test('users beyond the first batch are found too', async () => {
  const { search, operator, addUser } = await setUp()
  for (let count = 0; count < 600; count += 1) await addUser(`many ${count}`)
  assert.equal((await search(operator, { ...PAGE, search: 'many' })).total, 600)
})

test('users are found by status, organization and whether they are operators', async () => {
  const { search, operator, addUser, addOrganization, store } = await setUp()
  const orgID = await addOrganization('lab')
  const ada = await addUser('ada')
  await store.memberships.add({ userID: ada, resourceType: 'orgs', resourceID: orgID, role: 'owner' })
  const names = async (query: object) =>
    (await search(operator, { ...PAGE, ...query })).users.map(({ name }) => name)
  assert.deepEqual(await names({ orgID }), ['ada', 'operator'])
  assert.deepEqual(await names({ operator: true }), ['operator'])
  assert.deepEqual(await names({ operator: false, search: 'o' }), ['Zoë', 'ZOEY'])
  assert.deepEqual(await names({ status: 'inactive' }), [])
  await store.users.update({ id: ada, name: 'ada', status: 'inactive' })
  assert.deepEqual(await names({ status: 'inactive' }), ['ada'])
})

test('others than operators cannot filter by what they may not know, nor see details', async () => {
  const { search, detailsOf, addUser, asUser } = await setUp()
  const id = await addUser('bob')
  const { principal } = await asUser(id)
  await assert.rejects(search(principal, { ...PAGE, operator: true }), { code: 'unauthorized' })
  await assert.rejects(search(principal, { ...PAGE, orgID: id }), { code: 'unauthorized' })
  await assert.rejects(detailsOf(principal, []), { code: 'unauthorized' })
})

test('details are the last sign-in, the organizations with roles, and whether the user is an operator', async () => {
  const { search, detailsOf, operator, addUser, addOrganization, store } = await setUp()
  const [lab, shop] = [await addOrganization('lab'), await addOrganization('shop')]
  const ada = await addUser('ada')
  for (const [resourceID, role] of [
    [shop, 'member'],
    [lab, 'owner'],
  ] as const) {
    await store.memberships.add({ userID: ada, resourceType: 'orgs', resourceID, role })
  }
  const signIn = {
    event: 'signin',
    target: { type: 'session' },
    address: '',
    userAgent: '',
    requestId: '',
    count: 1,
  }
  const events = [
    ['success', '2026-01-01T00:00:00.000Z'],
    ['success', '2026-01-02T00:00:00.000Z'],
    ['refused', '2026-01-03T00:00:00.000Z'],
  ] as const
  await store.audit.append(
    events.map(([outcome, time], index) => {
      return {
        ...signIn,
        id: `000000000000000${index + 1}` as typeof ada,
        outcome,
        time,
        actor: { userID: ada },
      }
    }),
  )
  const { users } = await search(operator, PAGE)
  const details = await detailsOf(operator, users)
  assert.deepEqual(details.get(ada), {
    lastSignInAt: '2026-01-02T00:00:00.000Z',
    operator: false,
    organizations: [
      { id: shop, name: 'shop', role: 'member' },
      { id: lab, name: 'lab', role: 'owner' },
    ],
  })
  assert.deepEqual(
    users.filter(({ id }) => details.get(id)?.operator).map(({ name }) => name),
    ['operator'],
  )
  assert.equal(details.get(operator.user.id)?.lastSignInAt, undefined)
})

test('a token makes an operator as long as it is active', async () => {
  const { search, operator, addUser, store } = await setUp()
  const id = await addUser('machine')
  const token = {
    ...{ id, orgID: id, userID: id, hashedToken: 'x', description: '', permissions: operatorPermissions() },
    ...{
      status: 'active' as const,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    },
  }
  await store.authorizations.add(token)
  const operators = async () =>
    (await search(operator, { ...PAGE, operator: true })).users.map(({ name }) => name)
  assert.deepEqual(await operators(), ['machine', 'operator'])
  await store.authorizations.update({ ...token, status: 'inactive' })
  assert.deepEqual(await operators(), ['operator'])
})
