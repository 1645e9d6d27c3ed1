import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ada, outside, rules } from '../../../test/support/outside.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import type { SluiceError } from '../base/errors.ts'
import { permission } from '../records/permission.ts'
import { createApplicationPassword, hashOneTimeCode } from '../second-factors/one-time-codes.ts'
import type { EndReason } from './end-outside.ts'

async function gone(reason: EndReason, options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const lab = await world.organizations.create(operator.caller, { name: 'lab' })
  const { user, key } = await world.signInOutside(outside(ada(['dev']), rules(['dev=lab:owner'])))
  const read = permission('read', 'buckets', { orgID: lab.id })
  const { token, id } = await world.addToken(await world.asUser(user.id), user.id, lab.id, [read])
  const { authorization } = await world.legacyAuthorizations.create(operator.caller, {
    ...{ orgID: lab.id, userID: user.id, name: 'telegraf', permissions: [read] },
  })
  await world.legacyAuthorizations.setPassword(operator.caller, authorization.id, 'a password of telegraf')
  const password = createApplicationPassword()
  await world.store.applicationPasswords.add({
    ...{ id: world.ids.next(), userID: user.id, name: 'old', hash: hashOneTimeCode(password), access: 'use' },
    ...{ createdAt: 0, expiresAt: undefined, lastUsedAt: undefined },
  })
  const works = async () => {
    const tries = [
      () => world.asSession(key),
      () => world.asToken(token),
      () => world.legacyPrincipals.of('telegraf', 'a password of telegraf', '192.0.2.1'),
      () => world.enter('ada', password),
    ]
    const reasons = []
    for (const each of tries) {
      reasons.push(
        await each().then(
          () => 'works',
          (error) => (error as SluiceError).reason,
        ),
      )
    }
    return reasons
  }
  assert.deepEqual(await works(), ['works', 'works', 'works', 'works'])
  assert.equal(await world.endOutside({ identity: ada() }, reason, ORIGIN), user.id)
  return { ...world, operator, user, works, tokenID: id }
}

const OFF = ['session-expired', 'token-inactive', 'token-inactive', 'wrong-credentials']
const SESSIONS = ['session-expired', 'works', 'works', 'works']

suite('who is gone', () => {
  for (const [reason, tokensWhenGone, expected] of [
    ['gone', 'off-when-gone', OFF],
    ['refresh-refused', 'off-when-gone', OFF],
    ['signed-out', 'off-when-gone', SESSIONS],
    ['signed-out', 'off', OFF],
    ['gone', 'keep', SESSIONS],
  ] as const) {
    test(`${reason} with sso-gone-tokens ${tokensWhenGone}`, async () => {
      const { works } = await gone(reason, { tokensWhenGone })
      assert.deepEqual(await works(), expected)
    })
  }

  test('an operator sees what was switched off and why, and switches it on; nobody else does', async () => {
    const world = await gone('gone')
    const { caller } = world.operator
    const off = await world.switchedOffTokens.ofUser(caller.principal, world.user.id)
    assert.deepEqual(off.map(({ kind, name, reason, at }) => [kind, name, reason, at]).toSorted(), [
      ['application-password', 'old', 'gone from the directory', world.clock.at],
      ['authorization', '', 'gone from the directory', world.clock.at],
      ['legacy-authorization', 'telegraf', 'gone from the directory', world.clock.at],
    ])
    const self = await world.asUser(world.user.id)
    await assert.rejects(world.switchedOffTokens.switchOn(self, world.user.id), { code: 'unauthorized' })
    assert.equal(await world.switchedOffTokens.switchOn(caller, world.user.id), 3)
    assert.deepEqual(await world.works(), ['session-expired', 'works', 'works', 'works'])
    assert.deepEqual(await world.switchedOffTokens.ofUser(caller.principal, world.user.id), [])
    const events = (await world.audited()).map(({ event, actor }) => `${event} ${actor.userName}`)
    const ended = 'the provider (gone from the directory)'
    for (const expected of [
      `session.end ${ended}`,
      `authorization.switch-off ${ended}`,
      `legacy-authorization.switch-off ${ended}`,
      'authorization.switch-on operator',
      'legacy-authorization.switch-on operator',
    ]) {
      assert.ok(events.includes(expected), `${expected} is missing in ${events}`)
    }
  })

  test('one that was switched off by hand before is not switched on', async () => {
    const world = await createWorld()
    const operator = await world.addOperator()
    const lab = await world.organizations.create(operator.caller, { name: 'lab' })
    const { user } = await world.signInOutside(outside(ada(['dev']), rules(['dev=lab:owner'])))
    const { id } = await world.addToken(await world.asUser(user.id), user.id, lab.id, [
      permission('read', 'buckets', { orgID: lab.id }),
    ])
    await world.authorizations.update(operator.caller, id, { status: 'inactive' })
    await world.endOutside({ userID: user.id }, 'gone')
    assert.equal(await world.switchedOffTokens.switchOn(operator.caller, user.id), 0)
    assert.equal((await world.store.authorizations.byID(id))?.status, 'inactive')
  })

  test('an identity that leads to no user ends nothing', async () => {
    const world = await createWorld()
    assert.equal(await world.endOutside({ identity: ada() }, 'gone'), undefined)
  })
})
