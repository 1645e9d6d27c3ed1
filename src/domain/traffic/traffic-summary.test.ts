import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'
import { createTrafficAccount, type TrafficUse } from './traffic-account.ts'
import { createTrafficOf } from './traffic-of.ts'
import { createTrafficSummary } from './traffic-summary.ts'
import { createObservedUpstream, readNoUpstream } from './upstream-state.ts'

const HOUR = 3_600_000

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator('root')
  const permissions = [permission('read', 'buckets')]
  const token = await world.addToken(operator.caller, operator.userID, operator.orgID, permissions)
  await world.authorizations.update(operator.caller, token.id, { description: 'Telegraf' })
  const account = createTrafficAccount({ now: world.clock.now })
  const note = (more: Partial<TrafficUse>) =>
    account.note({
      ...{ orgID: operator.orgID, userID: operator.userID, authorizationID: token.id },
      ...{ status: 204, isCutOff: false, bytesIn: 1, bytesOut: 1 },
      ...more,
    })
  return {
    ...{ ...world, operator, token, account, note },
    summary: createTrafficSummary({ account, ...world.store }),
    trafficOf: createTrafficOf({ account, ...world, upstreamState: readNoUpstream }),
  }
}

test('the summary names organizations and tokens, and says what was deleted by its id alone', async () => {
  const { summary, note, operator, token } = await setUp()
  note({})
  note({ orgID: NOBODY, authorizationID: NOBODY })
  note({ orgID: NOBODY, authorizationID: NOBODY })
  const { organizations, tokens, total } = await summary()
  assert.deepEqual(
    organizations.map(({ orgID, org, lastHour }) => [orgID, org, lastHour.requests]),
    [
      [NOBODY, undefined, 2],
      [operator.orgID, "root's", 1],
    ],
  )
  assert.deepEqual(
    tokens.map(({ token: found }) => found),
    [
      undefined,
      {
        ...{ description: 'Telegraf', orgID: operator.orgID, org: "root's" },
        ...{ userID: operator.userID, user: 'root' },
      },
    ],
  )
  assert.equal(tokens[1]?.id, token.id)
  assert.equal(total.lastHour.requests, 3)
})

test('the summary has the ten most active ones of the hour and of the day', async () => {
  const { summary, note, clock } = await setUp()
  const idOf = (number: number) => number.toString(16).padStart(16, '0') as ID
  for (let number = 1; number <= 15; number++) {
    for (let count = 0; count < number + 1; count++)
      note({ orgID: idOf(number), authorizationID: idOf(number) })
  }
  clock.forward(2 * HOUR)
  note({ orgID: idOf(1), authorizationID: idOf(1) })
  const { organizations, tokens } = await summary()
  const expected = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 1].map(idOf)
  assert.deepEqual(
    organizations.map(({ orgID }) => orgID),
    expected,
  )
  assert.deepEqual(
    tokens.map(({ id }) => id),
    expected,
  )
})

test('the traffic of a user and of a token is for those who may read them', async () => {
  const { trafficOf, note, operator, token, addUser, asUser } = await setUp()
  const ada = await addUser('ada')
  const { principal } = await asUser(ada)
  await refused(() => trafficOf.user(principal, operator.userID), 'unauthorized')
  await refused(() => trafficOf.token(principal, token.id), 'unauthorized')
  await refused(() => trafficOf.user(operator.caller.principal, NOBODY), 'not found')
  await refused(() => trafficOf.token(operator.caller.principal, NOBODY), 'not found')
  note({})
  note({ userID: ada })
  const requests = async (found: Promise<{ lastHour: { total: { requests: number } } }>) =>
    (await found).lastHour.total.requests
  assert.equal(await requests(trafficOf.user(principal, ada)), 1)
  assert.equal(await requests(trafficOf.token(operator.caller.principal, token.id)), 2)
})

test('upstream is up unless its checks or a recent request say otherwise, and has the time of its last answer', () => {
  let at = 1000
  let problem: string | undefined
  const checked = { problem: () => problem, differenceCount: () => 3 }
  const upstream = createObservedUpstream({ checked, now: () => at })
  const state = { configured: true, differences: 3 }
  assert.deepEqual(upstream.read(), { ...state, up: true, lastAnswerAt: undefined })
  upstream.answered()
  at = 2000
  upstream.away()
  assert.deepEqual(upstream.read(), { ...state, up: false, lastAnswerAt: 1000 })
  upstream.answered()
  assert.deepEqual(upstream.read(), { ...state, up: true, lastAnswerAt: 2000 })
  problem = 'it does not answer'
  assert.equal(upstream.read().up, false, 'as /health says')
  problem = undefined
  upstream.away()
  at += 30_000
  assert.equal(upstream.read().up, true, 'the checks have reached it since')
  assert.deepEqual(readNoUpstream(), { configured: false, up: false })
})
