import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createMirroredWorld } from '../../test/support/mirrored-world.ts'
import { ada, CORP, outside, rules } from '../../test/support/outside.ts'
import type { SluiceError } from '../domain/base/errors.ts'
import { createSessionTerms } from '../domain/sessions/session-terms.ts'
import { endRemovedProviders } from './removed-providers.ts'

const GRACE = { names: ['grace'], subject: '00u9' }

async function setUp() {
  const world = await createMirroredWorld()
  const { store, sessionStore, changes, upstream } = world
  const warnings: string[] = []
  const log = { info() {}, error() {}, warn: (text: string) => void warnings.push(text) }
  const terms = createSessionTerms({
    ...{ lengthMs: 600_000, maxLengthMs: 3600_000, rememberLengthMs: 0, renew: true },
  })
  const { user, key } = await world.signInOutside(
    outside(ada(['dev'], GRACE), rules(['dev=works:member', 'ops=works:owner'])),
  )
  const local = await world.startSession(user.id)
  const lives = (each: string) =>
    world.asSession(each).then(
      () => 'lives',
      (error) => (error as SluiceError).reason,
    )
  return {
    ...{ ...world, user, warnings },
    sessions: async () => [await lives(key), await lives(local.key)],
    roles: async () =>
      (await store.memberships.ofUser(user.id)).map(({ resourceType, role }) => `${resourceType} ${role}`),
    async end(known: readonly string[] = []) {
      const ended = await endRemovedProviders({
        ...{ ...store, knownIssuers: new Set(known), sessionStore, terms, changes, log },
        upstream: upstream.identities,
      })
      return ended
    },
  }
}

suite('providers that were taken out of the settings', () => {
  test('lose what they gave, here and upstream, once; other sessions go on', async () => {
    const world = await setUp()
    const { end, sessions, roles, differing, warnings, audited, upstream } = world
    await (await end([CORP.issuer])).stop()
    assert.deepEqual([await sessions(), await roles()], [['lives', 'lives'], ['orgs member']])
    upstream.calls.length = 0
    const ended = await end()
    assert.deepEqual([await sessions(), await roles()], [['session-expired', 'lives'], []])
    while (upstream.calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await ended.stop()
    assert.deepEqual(await differing(), [])
    assert.equal((await audited({ event: 'member.remove' })).length, 1)
    assert.equal((await audited({ event: 'session.end' })).length, 1)
    assert.equal((await world.store.linkedIdentities.ofUser(world.user.id)).length, 1)
    await (await end()).stop()
    assert.equal((await audited({ event: 'session.end' })).length, 1)
    assert.equal(warnings.length, 1)
  })

  test('lose it here although the InfluxDB behind the server is away', async () => {
    const { end, roles, sessions, differing, warnings, upstream } = await setUp()
    upstream.state.isAway = true
    const ended = await end()
    assert.deepEqual([await sessions(), await roles()], [['session-expired', 'lives'], []])
    await new Promise((resolve) => setImmediate(resolve))
    await ended.stop()
    assert.ok(warnings.some((text) => text.startsWith('the InfluxDB behind this server keeps memberships')))
    upstream.state.isAway = false
    assert.deepEqual(await differing(), ['membership upstream-only'])
  })

  test('take nobody away who is the last operator', async () => {
    const world = await setUp()
    const { user } = await world.signInOutside(outside(ada(['ops'], GRACE), rules([])))
    await world.users.update(await world.asUser(user.id), world.userID, { status: 'inactive' })
    await (await world.end()).stop()
    assert.deepEqual(await world.roles(), ['instance owner'])
    assert.ok(world.warnings.some((text) => text.startsWith('the last operator stays one')))
  })
})
