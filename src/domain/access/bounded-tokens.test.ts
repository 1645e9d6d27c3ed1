/** Tried on Sluice before it had single sign-on: a token kept what its maker had, and new sessions inherited it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { CORP } from '../../../test/support/outside.ts'
import { createWorld, type WorldOptions } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'
import { bounded } from './bounded-tokens.ts'
import { compilePermissions } from './permission-set.ts'

async function madeAndLost(options: WorldOptions & { isLinked: boolean }) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const lab = await world.organizations.create(operator.caller, { name: 'lab' })
  const alice = await world.addUser('alice')
  if (options.isLinked) {
    await world.identities.link(operator.caller, alice, { ...CORP, subject: 'a' })
  }
  const place = { type: 'orgs', id: lab.id } as const
  await world.memberships.add(operator.caller, place, 'owner', alice)
  const write = permission('write', 'buckets', { orgID: lab.id })
  const { key: before } = await world.startSession(alice)
  const { token } = await world.addToken(await world.asSession(before), alice, lab.id, [write])
  const { key: after } = await world.startSession(alice)
  async function may(): Promise<boolean[]> {
    const callers = [await world.asSession(before), await world.asToken(token), await world.asSession(after)]
    return callers.map(({ principal }) => principal.permissions.allows(write))
  }
  assert.deepEqual(await may(), [true, true, true])
  await world.memberships.remove(operator.caller, place, alice)
  return { ...world, operator, lab, alice, place, write, token, may }
}

suite('a token whose user no longer owns the organization', () => {
  test('of a local user it goes on, in sessions too, as in InfluxDB', async () => {
    const { may } = await madeAndLost({ isLinked: false })
    assert.deepEqual(await may(), [true, true, true])
  })

  test('of a user with an identity it gives nothing, until the membership is back', async () => {
    const { may, memberships, operator, place, alice, grantsOf } = await madeAndLost({ isLinked: true })
    assert.deepEqual(await may(), [false, false, false])
    const { grants } = await grantsOf(operator.caller.principal, alice)
    assert.equal(grants.find(({ kind }) => kind === 'token')?.bounded, true)
    await memberships.add(operator.caller, place, 'owner', alice)
    assert.deepEqual(await may(), [true, true, true])
  })

  test('as a member of it the user reads with it what a member reads, and writes nothing', async () => {
    const { may, memberships, operator, place, alice } = await madeAndLost({ isLinked: true })
    await memberships.add(operator.caller, place, 'member', alice)
    assert.deepEqual(await may(), [false, false, false])
  })

  test('with sso-tokens kept it goes on', async () => {
    const { may } = await madeAndLost({ isLinked: true, ssoTokens: 'kept' })
    assert.deepEqual(await may(), [true, true, true])
  })

  test('linking an identity bounds the tokens that there are, at once', async () => {
    const { may, identities, operator, alice } = await madeAndLost({ isLinked: false })
    await identities.link(operator.caller, alice, { ...CORP, subject: 'a' })
    assert.deepEqual(await may(), [false, false, false])
  })

  test('a 1.x authorization is bounded too', async () => {
    const world = await madeAndLost({ isLinked: true })
    await world.memberships.add(world.operator.caller, world.place, 'owner', world.alice)
    const made = await world.legacyAuthorizations.create(world.operator.caller, {
      ...{ orgID: world.lab.id, userID: world.alice, name: 'telegraf', permissions: [world.write] },
    })
    await world.legacyAuthorizations.setPassword(
      world.operator.caller,
      made.authorization.id,
      'a password of telegraf',
    )
    const may = async () => {
      const principal = await world.legacyPrincipals.of('telegraf', 'a password of telegraf', '192.0.2.1')
      return principal?.permissions.allows(world.write)
    }
    assert.equal(await may(), true)
    await world.memberships.remove(world.operator.caller, world.place, world.alice)
    assert.equal(await may(), false)
  })
})

test('of a named resource both must allow it', () => {
  const id = (number: number) => number.toString(16).padStart(16, '0') as ID
  const own = compilePermissions([
    permission('read', 'dashboards', { id: id(1), orgID: id(9) }),
    permission('read', 'dashboards', { id: id(2), orgID: id(9) }),
  ])
  const bound = compilePermissions([permission('read', 'dashboards', { id: id(2) })])
  const both = bounded(own, bound)
  assert.deepEqual(both.idsNamedIn(id(9), 'read', 'dashboards'), [id(2)])
  assert.equal(both.allows(permission('read', 'dashboards', { id: id(1), orgID: id(9) })), false)
  assert.equal(both.allows(permission('read', 'dashboards', { id: id(2), orgID: id(9) })), true)
})
