import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import { createTrafficAccount } from '../traffic/traffic-account.ts'
import { createTrafficSummary } from '../traffic/traffic-summary.ts'
import { readNoUpstream } from '../traffic/upstream-state.ts'
import { createOverview } from './overview.ts'

const HOUR_MS = 3_600_000

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const { now } = world.clock
  const account = createTrafficAccount({ now })
  return {
    ...world,
    operator,
    account,
    overview: createOverview({
      ...{ ...world, ...world.store, now, upstreamState: readNoUpstream },
      traffic: createTrafficSummary({ account, ...world.store }),
    }),
  }
}

test('requires an operator', async () => {
  const { overview, addUser, asUser } = await setUp()
  const { principal } = await asUser(await addUser('ada'))
  await refused(() => overview(principal, 24), 'unauthorized', 'read:instance is unauthorized')
})

test('counts sign-ins by outcome and time, and batched refusals by their count', async () => {
  const { overview, clock, passwords, operator, addUser, enter } = await setUp()
  const id = await addUser('ada')
  await passwords.set(operator.caller, id, 'correct horse', { mustChange: false })
  await enter('ada', 'correct horse')
  clock.forward(30 * HOUR_MS)
  await enter('ada', 'correct horse')
  for (let count = 0; count < 3; count += 1) await refused(() => enter('ada', 'wrong'), 'unauthorized')
  const { signIns, users, organizations } = await overview(operator.caller.principal, 24)
  assert.equal(signIns.points.length, 48)
  assert.equal(signIns.bucketSeconds, 1800)
  const busy = signIns.points.filter(({ success, refused: no }) => success + no > 0)
  assert.deepEqual(
    busy.map(({ success, refused: no, throttled }) => [success, no, throttled]),
    [[1, 3, 0]],
  )
  assert.ok(Date.parse(busy[0]?.start ?? '') <= clock.now())
  assert.deepEqual([users, organizations], [2, 1])
  const week = await overview(operator.caller.principal, 168)
  assert.equal(
    week.signIns.points.reduce((sum, { success }) => sum + success, 0),
    2,
  )
})

test('names the users and addresses with most refused sign-ins, and counts tokens to look at', async () => {
  const { overview, operator, clock, addUser, addToken, enter, authorizations } = await setUp()
  const ada = await addUser('ada')
  for (let count = 0; count < 3; count += 1) await refused(() => enter('ada', 'wrong'), 'unauthorized')
  await refused(() => enter('nobody', 'wrong'), 'unauthorized')
  const { orgID, caller } = operator
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }] as const
  await addToken(caller, operator.userID, orgID, permissions)
  const expiresAt = new Date(clock.now() + 20 * 24 * HOUR_MS).toISOString()
  await authorizations.create(caller, { orgID, permissions, expiresAt })
  const { refused: most, tokens } = await overview(caller.principal, 24)
  assert.deepEqual(most.users, [{ userID: ada, name: 'ada', count: 3 }])
  assert.deepEqual(
    most.addresses.map(({ count }) => count),
    [4],
  )
  assert.deepEqual(tokens, { expiring: 1, neverUsed: 2 })
  clock.forward(25 * HOUR_MS)
  const later = await overview(caller.principal, 24)
  assert.deepEqual([later.refused.users, later.refused.addresses], [[], []])
  assert.equal((await overview(caller.principal, 48)).refused.users.length, 1)
})
