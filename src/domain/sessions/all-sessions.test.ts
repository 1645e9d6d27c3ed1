import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import type { Session } from '../records/session.ts'
import { createListAllSessions, type ListedSessions } from './all-sessions.ts'

async function setUp() {
  const world = await createWorld()
  const { caller, userID } = await world.addOperator()
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('Bob')]
  const start = async (id: typeof ada, more: Partial<Session> = {}) => {
    world.clock.forward(1000)
    const { session } = await world.startSession(id, more)
    return session
  }
  const list = (search?: string, offset = 0, limit = 20) =>
    world.listAllSessions(caller.principal, { search, offset, limit })
  return { ...world, caller, userID, ada, bob, start, list }
}

const names = ({ sessions }: ListedSessions) => sessions.map(({ user }) => user?.name)

suite('all sessions', () => {
  test('are listed for operators only', async () => {
    const { listAllSessions, asUser, ada } = await setUp()
    const { principal } = await asUser(ada)
    await refused(() => listAllSessions(principal, { offset: 0, limit: 20 }), 'unauthorized')
  })

  test('come with their users, the last used first, page by page', async () => {
    const { start, list, ada, bob } = await setUp()
    for (const id of [ada, bob, ada]) await start(id)
    const all = await list()
    assert.deepEqual([names(all), all.total, all.isComplete], [['ada', 'Bob', 'ada'], 3, true])
    const second = await list(undefined, 1, 1)
    assert.deepEqual([names(second), second.total], [['Bob'], 3])
    assert.deepEqual(names(await list(undefined, 3, 1)), [])
  })

  test('are found by name, address, browser and id', async () => {
    const { start, list, ada, bob } = await setUp()
    await start(ada, { address: '2001:db8::7', userAgent: 'Firefox' })
    const session = await start(bob, { address: '192.0.2.44', userAgent: 'curl/8' })
    for (const search of ['bOB', ' 0.2.44 ', 'CURL'])
      assert.deepEqual(names(await list(search)), ['Bob'], search)
    const id = Buffer.from(session.keyHash, 'base64url').toString('hex', 0, 8)
    assert.deepEqual(names(await list(id)), ['Bob'])
    assert.deepEqual(names(await list('2001:DB8')), ['ada'])
    assert.deepEqual((await list('nothing')).total, 0)
  })

  test('exclude expired sessions, and those that ended while the store still has them', async () => {
    const { start, list, store, ada, bob, clock } = await setUp()
    await start(ada, { expiresAt: clock.now() + 2000 })
    await start(bob)
    clock.forward(2000)
    assert.deepEqual(names(await list()), ['Bob'])
    await store.sessionEnds.endAllOf(bob, undefined)
    assert.deepEqual(names(await list()), [])
  })

  test('are examined up to a limit, beyond which a search by name still finds all of a user', async () => {
    const { store, sessionStore, userSearch, caller, start, ada, bob, clock } = await setUp()
    for (let count = 0; count < 6; count += 1) await start(ada)
    await start(bob)
    const list = createListAllSessions({
      ...{ ...store, store: sessionStore, userSearch, now: clock.now, mostExamined: 3 },
    })
    const all = await list(caller.principal, { offset: 0, limit: 20 })
    assert.deepEqual([all.sessions.length, all.total, all.isComplete], [3, 3, false])
    const found = await list(caller.principal, { search: 'ada', offset: 0, limit: 20 })
    assert.deepEqual([names(found).length, found.total, found.isComplete], [6, 6, false])
    assert.deepEqual(names(await list(caller.principal, { search: 'bob', offset: 0, limit: 20 })), ['Bob'])
  })
})
