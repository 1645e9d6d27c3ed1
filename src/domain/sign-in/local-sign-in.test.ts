import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createWorld, type WorldOptions } from '../../../test/support/world.ts'
import type { SluiceError } from '../base/errors.ts'

async function outcomes(options: WorldOptions): Promise<Record<string, string>> {
  const world = await createWorld(options)
  await world.addOperator('root')
  const bob = await world.addUser('bob')
  await world.store.passwords.set(bob, {
    ...{ hash: await world.hasher.hash(Buffer.from('password of bob')), mustChange: false },
  })
  const enter = (name: string, password: string) =>
    world.enter(name, password).then(
      () => 'in',
      (error: SluiceError) => `${error.code} ${error.reason}`,
    )
  return {
    root: await enter('root', 'password of root'),
    bob: await enter('bob', 'password of bob'),
    wrong: await enter('bob', 'wrong'),
    unknown: await enter('eve', 'password of bob'),
  }
}

const OFF = 'forbidden local-sign-in-off'
const WRONG = 'unauthorized wrong-credentials'

suite('local sign-in', () => {
  for (const [rule, names, root, bob] of [
    ['all', [], 'in', 'in'],
    ['operators', [], 'in', OFF],
    ['named', ['bob'], OFF, 'in'],
    ['named', ['BOB'], OFF, OFF],
    ['none', ['bob'], OFF, OFF],
  ] as const) {
    test(`${rule} ${names}: only a right password is told that it does not sign in`, async () => {
      const found = await outcomes({ localSignIn: rule, localNames: names })
      assert.deepEqual(found, { root, bob, wrong: WRONG, unknown: WRONG })
    })
  }

  test('a refusal is counted and audited', async () => {
    const world = await createWorld({ localSignIn: 'none' })
    const { userID } = await world.addOperator('root')
    await assert.rejects(world.enter('root', 'password of root'), { reason: 'local-sign-in-off' })
    assert.deepEqual(world.outcomes, ['local-sign-in-off'])
    const [event] = await world.audited({ event: 'signin' })
    assert.deepEqual([event?.outcome, event?.target.id], ['refused', userID])
  })
})
