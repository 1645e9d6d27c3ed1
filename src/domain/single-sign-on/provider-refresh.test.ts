import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ada, CORP, outside, rules } from '../../../test/support/outside.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { createMemoryOnce } from '../../store/memory/once.ts'
import { unauthorized, unavailable } from '../base/errors.ts'
import type { OutsideProvider } from '../records/outside-provider.ts'
import { createSeal } from '../second-factors/seal.ts'
import { createRefreshDue } from './provider-refresh.ts'
import { sealTokens } from './provider-tokens.ts'

const MINUTE = 60_000

async function setUp() {
  const world = await createWorld({ lengthMs: 60 * MINUTE })
  const { store, sessionStore, clock } = world
  const seal = createSeal(async () => [new Uint8Array(32)])
  /** What the provider answers next, by the refresh token that it gets. */
  let answer: (token: string) => Promise<readonly string[]> = async () => ['dev']
  const asked: string[] = []
  const provider: OutsideProvider = {
    ...CORP,
    name: CORP.provider,
    async refresh(token) {
      asked.push(token)
      const groups = await answer(token)
      return { identity: ada(groups), sid: undefined, idToken: undefined, refreshToken: `${token}+` }
    },
  } as Partial<OutsideProvider> as OutsideProvider
  const given = rules(['dev=lab:member'], { allowedGroups: ['dev', 'other'] })
  const configured = {
    ...{ provider, rules: given, label: 'corp', autoRedirect: false, endsThere: false },
    ...{ refreshMs: 5 * MINUTE, maxLengthMs: 60 * MINUTE },
  }
  const parts = {
    ...{ ...store, ...world, sessionStore, seal, now: clock.now, log: { warn: () => {} } },
    providers: new Map([['corp', configured]]),
  }
  const once = createMemoryOnce({ now: clock.now })
  const [one, other] = [createRefreshDue({ ...parts, once }), createRefreshDue({ ...parts, once })]
  await world.setup.run(
    { username: 'root', password: 'a long password 1', org: 'lab', bucket: 'b' } as never,
    ORIGIN,
  )
  const data = await sealTokens(seal, { refreshToken: 'r', idToken: undefined }, clock.now())
  const session = await world.signInOutside(outside(ada(['dev']), given, { data }))
  const live = async () => (await sessionStore.ofUser(session.user.id)).length
  const roles = async () => (await store.memberships.ofUser(session.user.id)).map(({ role }) => role)
  return {
    ...{ world, one, other, asked, live, roles },
    answers(next: typeof answer) {
      answer = next
    },
  }
}

suite('refreshing users at their provider', () => {
  test('asks at most once in the interval, on one node of several, with the newest token', async () => {
    const { world, one, other, asked, roles } = await setUp()
    assert.equal(await one(), 0)
    world.clock.forward(5 * MINUTE)
    const counts = await Promise.all([one(), other()])
    assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), 1)
    assert.deepEqual(asked, ['r'])
    assert.deepEqual(await roles(), ['member'])
    world.clock.forward(5 * MINUTE)
    await other()
    assert.deepEqual(asked, ['r', 'r+'])
  })

  test('asks once although the minute ends while the answer is still to come', async () => {
    const { world, one, other, asked, answers } = await setUp()
    const answered = Promise.withResolvers<readonly string[]>()
    answers(() => answered.promise)
    world.clock.forward(6 * MINUTE - (world.clock.now() % MINUTE) - 1)
    const first = one()
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    world.clock.forward(1000)
    assert.equal(await other(), 0)
    answered.resolve(['dev'])
    assert.deepEqual([await first, asked], [1, ['r']])
  })

  test('takes away what a group gave that is gone, and ends sessions if the rules let nobody in', async () => {
    const { world, one, live, roles, answers } = await setUp()
    answers(async () => ['other'])
    world.clock.forward(5 * MINUTE)
    await one()
    assert.deepEqual(await roles(), [])
    assert.equal(await live(), 1)
    answers(async () => [])
    world.clock.forward(5 * MINUTE)
    await one()
    assert.equal(await live(), 0)
  })

  test('ends sessions if the provider refuses, and not while it is away for a short time', async () => {
    const { world, one, live, answers, asked } = await setUp()
    answers(async () => {
      throw unavailable('away', { reason: 'provider-away' })
    })
    world.clock.forward(5 * MINUTE)
    await one()
    assert.equal(await live(), 1)
    answers(async () => {
      throw unauthorized('refused-by-provider')
    })
    world.clock.forward(2 * MINUTE)
    await one()
    assert.equal(await live(), 0)
    world.clock.forward(10 * MINUTE)
    await one()
    assert.equal(asked.length, 2, 'the token is forgotten')
  })
})
