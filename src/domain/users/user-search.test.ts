import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../../test/support/world.ts'
import { createUserSearch } from './user-search.ts'

const PAGE = { offset: 0, limit: 20 }

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  for (const name of ['Zoë', 'user 10', 'user 9', 'ZOEY']) await world.addUser(name)
  return { ...world, operator: operator.caller.principal, search: createUserSearch(world.store) }
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
