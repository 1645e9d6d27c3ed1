import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'

const PASSWORD = 'correct horse'
const MINUTE = 60_000

async function setUp(freshMs = 0) {
  const world = await createWorld({ freshMs, limits: { pairFree: 2, user: 3, address: 5 } })
  const operator = await world.addOperator()
  const ada = await world.addUser('ada')
  await world.passwords.set(operator.caller, ada, PASSWORD, { mustChange: false })
  const { address } = ORIGIN
  const enter = (name: string, password: string, from = address) =>
    world.enter(name, password, { origin: { ...ORIGIN, address: from } })
  const throttle = async (name = 'ada', from = address) => {
    for (const _ of [1, 2]) await refused(() => enter(name, 'wrong', from), 'unauthorized')
    await refused(() => enter(name, 'wrong', from), 'too many requests')
  }
  return { ...world, operator: operator.caller, ada, address, enter, throttle }
}

suite('throttled users and addresses', () => {
  test('are released by operators only', async () => {
    const { throttled, throttle, asUser, ada, address } = await setUp()
    await throttle()
    const caller = await asUser(ada)
    await refused(() => throttled.release(caller, { scope: 'pair', address, userID: ada }), 'unauthorized')
    assert.equal((await throttled.list()).length, 1)
  })

  test('need a recent sign-in to be released by session', async () => {
    const { throttled, throttle, operator, asSession, startSession, clock, ada, address } =
      await setUp(MINUTE)
    await throttle()
    const { key } = await startSession(operator.principal.user.id)
    clock.forward(MINUTE)
    await throttle('bob')
    const stale = await asSession(key)
    await refused(() => throttled.release(stale, { scope: 'pair', address, userID: ada }), 'forbidden')
  })

  test('are listed with the user, but without what was typed', async () => {
    const { throttled, throttle, ada, address } = await setUp()
    await throttle()
    await throttle('my password')
    const [one, other] = await throttled.list()
    const listed = [one, other].toSorted(
      (a, b) => Number(b?.user !== undefined) - Number(a?.user !== undefined),
    )
    const { until: _, ...known } = listed[0] ?? assert.fail('nobody is listed')
    assert.deepEqual(known, { scope: 'pair', address, userID: ada, user: { id: ada, name: 'ada' } })
    assert.deepEqual([listed[1]?.scope, listed[1]?.user], ['pair', undefined])
    assert.deepEqual(Object.keys(listed[1] ?? {}).toSorted(), ['address', 'scope', 'until', 'user'])
  })

  test('can sign in once they are released, and the audit log says who released them', async () => {
    const { throttled, throttle, enter, operator, ada, address, audited } = await setUp()
    await throttle()
    await refused(() => enter('ada', PASSWORD), 'too many requests')
    await throttled.release(operator, { scope: 'pair', address, userID: ada })
    assert.deepEqual(await throttled.list(), [])
    await enter('ada', PASSWORD)
    const [event] = await audited({ event: 'throttled.release' })
    assert.deepEqual(
      [event?.actor.userName, event?.target.type, event?.target.name, event?.target.userName],
      ['operator', 'address', address, 'ada'],
    )
  })

  test('stay throttled while others are released', async () => {
    const { throttled, throttle, enter, operator, address } = await setUp()
    await throttle()
    await throttle('bob')
    // Unknown names from one address look alike, but are not the user.
    await throttled.release(operator, { scope: 'pair', address, userID: undefined })
    await refused(() => enter('bob', 'wrong'), 'unauthorized')
    await refused(() => enter('ada', PASSWORD), 'too many requests')
  })

  test('are released at all addresses if the user has too many failures', async () => {
    const { throttled, enter, operator, ada, audited } = await setUp()
    for (const from of ['198.51.100.1', '198.51.100.2', '198.51.100.3'])
      await refused(() => enter('ada', 'wrong', from), 'unauthorized')
    const [one, other] = ['198.51.100.4', '198.51.100.5'] as const
    for (const from of [one, other]) await refused(() => enter('ada', PASSWORD, from), 'too many requests')
    assert.deepEqual(
      (await throttled.list()).map(({ scope }) => scope),
      ['user', 'user'],
    )
    await throttled.release(operator, { scope: 'user', address: one, userID: ada })
    assert.deepEqual(await throttled.list(), [])
    for (const from of [one, other]) await enter('ada', PASSWORD, from)
    const [event] = await audited({ event: 'throttled.release' })
    assert.deepEqual([event?.target.type, event?.target.name], ['user', 'ada'])
  })

  test('are not found if they are not throttled, and nothing is recorded', async () => {
    const { throttled, throttle, operator, ada, address, audited } = await setUp()
    await throttle()
    for (const name of [
      { scope: 'pair', address: '192.0.2.99', userID: ada },
      { scope: 'address', address, userID: undefined },
      { scope: 'pair', address, userID: operator.principal.user.id as ID },
    ] as const) {
      await refused(() => throttled.release(operator, name), 'not found')
    }
    assert.deepEqual(await audited({ event: 'throttled.release' }), [])
  })
})
