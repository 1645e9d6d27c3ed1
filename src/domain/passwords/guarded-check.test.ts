import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { guessing, times } from '../../../test/support/guessing.ts'
import { CHEAP_PASSWORDS } from '../../../test/support/password-cost.ts'
import type { ID } from '../base/id.ts'
import type { User } from '../records/user.ts'
import { createGuardedCheck } from './guarded-check.ts'
import type { HashLane } from './hash-lanes.ts'
import { createPasswordHasher } from './password-hasher.ts'

const ADA: User = { id: '0000000000000001' as ID, name: 'ada', status: 'active' }
const [HOME, OFFICE, ELSEWHERE] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const

/** The real guard and hasher; `ada` has a password and signed in from the office. */
async function setUp() {
  const hasher = createPasswordHasher({ concurrency: 2, queue: 100, cost: CHEAP_PASSWORDS })
  const hash = await hasher.hash(Buffer.from('right'))
  const lanes: HashLane[] = []
  const check = createGuardedCheck({
    guard: guessing({ address: 1000 }).guard,
    known: { isKnown: async (id, address) => id === ADA.id && address === OFFICE },
    passwords: { get: async (id) => (id === ADA.id ? { hash, mustChange: false } : undefined) },
    secondFactors: { hasAny: async () => false },
    hasher: {
      verify(password, stored, lane) {
        lanes.push(lane)
        return hasher.verify(password, stored, lane)
      },
    },
  })
  const attempt = (user: User | undefined, address: string, password = 'wrong') =>
    check({ user, name: user?.name ?? 'nobody', address, password: Buffer.from(password) })
  /** The lanes of the tries that this makes. */
  async function lanesOf(work: () => Promise<unknown>): Promise<HashLane[]> {
    lanes.length = 0
    await work()
    return [...lanes]
  }
  return { attempt, lanesOf }
}

suite('the lane of a try', () => {
  test('is that of the owner from a known address alone, whatever failed elsewhere', async () => {
    const { attempt, lanesOf } = await setUp()
    for (const address of [HOME, ELSEWHERE]) await attempt(ADA, address)
    assert.deepEqual(await lanesOf(() => attempt(ADA, OFFICE, 'right')), ['known'])
    assert.deepEqual(await lanesOf(() => attempt(undefined, OFFICE)), ['calm'])
  })

  test('is the same for a name that exists and one that does not', async () => {
    for (const user of [ADA, undefined]) {
      const { attempt, lanesOf } = await setUp()
      assert.deepEqual(await lanesOf(() => attempt(user, HOME)), ['calm'])
      assert.deepEqual(await lanesOf(() => attempt(user, ELSEWHERE)), ['others'])
    }
    for (const user of [ADA, undefined]) {
      const { attempt, lanesOf } = await setUp()
      const addresses = times(20, (index) => `198.51.100.${index}`)
      const together = () => Promise.all(addresses.map((address) => attempt(user, address)))
      assert.deepEqual(await lanesOf(together), ['calm', ...times(19, () => 'others')])
    }
  })

  test('is not calm from an address where something failed', async () => {
    const { attempt, lanesOf } = await setUp()
    await attempt(undefined, HOME)
    assert.deepEqual(await lanesOf(() => attempt(ADA, HOME)), ['others'])
  })
})
