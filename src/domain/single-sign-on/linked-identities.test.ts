import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ada, CORP, outside, rules } from '../../../test/support/outside.ts'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import type { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'

async function labWorld(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const lab = await world.organizations.create(operator.caller, { name: 'lab' })
  const enterAda = (groups: string[] = ['dev'], more: Parameters<typeof ada>[1] = {}) =>
    world.signInOutside(outside(ada(groups, more), rules(['dev=lab:owner'])))
  const linkOf = async (userID: ID) => (await world.store.linkedIdentities.ofUser(userID))[0]
  return { ...world, operator, lab, enterAda, linkOf }
}

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return (error as SluiceError).reason ?? (error as SluiceError).code
  }
}

suite('linking by hand', () => {
  test('the next sign-in by that identity is the user, whatever its name there', async () => {
    const world = await labWorld()
    const bob = await world.addUser('bob')
    const link = await world.identities.link(world.operator.caller, bob, { ...CORP, subject: '00u1' })
    assert.equal(link.linkedBy, world.operator.userID)
    const { user } = await world.enterAda()
    assert.equal(user.id, bob)
    assert.deepEqual(
      (await world.audited({ event: 'identity.link' })).map(({ actor, target }) => [
        actor.userName,
        target.name,
        target.userName,
      ]),
      [['operator', 'corp', 'bob']],
    )
  })

  test('one identity leads to one user, and a user has one of each issuer', async () => {
    const world = await labWorld()
    const [bob, eve] = [await world.addUser('bob'), await world.addUser('eve')]
    const link = (userID: ID, subject: string) =>
      reasonOf(world.identities.link(world.operator.caller, userID, { ...CORP, subject }))
    assert.equal(await link(bob, '1'), undefined)
    assert.equal(await link(eve, '1'), 'identity-taken')
    assert.equal(await link(bob, '2'), 'identity-taken')
    assert.equal(await link(eve, '2'), undefined)
  })

  test('needs an operator with a recent sign-in, an existing user and a usable identity', async () => {
    const world = await labWorld({ freshMs: 60_000 })
    const bob = await world.addUser('bob')
    const identity = { ...CORP, subject: '1' }
    assert.equal(
      await reasonOf(world.identities.link(await world.asUser(bob), bob, identity)),
      'missing-permission',
    )
    const { key } = await world.startSession(world.operator.userID)
    const caller = await world.asSession(key)
    assert.equal(await reasonOf(world.identities.link(caller, NOBODY, identity)), 'not found')
    for (const subject of ['', ' ', 'a\0b', 'x'.repeat(256)]) {
      assert.equal(await reasonOf(world.identities.link(caller, bob, { ...CORP, subject })), 'invalid')
    }
    world.clock.forward(60_000)
    assert.equal(await reasonOf(world.identities.link(caller, bob, identity)), 'sign-in-too-old')
  })

  test('an operator by a token alone would be one no longer, and the last one stays', async () => {
    const world = await labWorld()
    const { caller, userID } = world.operator
    const { operatorPermissions } = await import('../access/grants.ts')
    const eve = await world.addUser('eve')
    await world.addToken(caller, eve, world.lab.id, operatorPermissions())
    await world.users.update(await world.asUser(eve), userID, { status: 'inactive' })
    const linking = world.identities.link(await world.asUser(eve), eve, { ...CORP, subject: '1' })
    assert.equal(await reasonOf(linking), 'last-operator')
    assert.equal(await world.linkOf(eve), undefined)
  })
})

suite('linking one’s own', () => {
  test('needs a session with a recent sign-in, and gives what the groups give', async () => {
    const world = await labWorld({ freshMs: 60_000 })
    const bob = await world.addUser('bob')
    const { key } = await world.startSession(bob)
    world.identities.requireMayLink(await world.asSession(key))
    await refused(
      async () => world.identities.requireMayLink(await world.asUser(bob)),
      'forbidden',
      /sign in/,
    )
    await world.identities.linkOwn(bob, ada(['dev']), rules(['dev=lab:owner']), ORIGIN)
    assert.deepEqual(
      (await world.store.memberships.ofUser(bob)).map(({ role }) => role),
      ['owner'],
    )
    assert.equal((await world.enterAda()).user.id, bob)
    world.clock.forward(60_000)
    await refused(
      async () => world.identities.requireMayLink(await world.asSession(key)),
      'forbidden',
      /last minute/,
    )
  })

  test('is refused to whom the rules do not let in, and for an identity of another user', async () => {
    const world = await labWorld()
    const bob = await world.addUser('bob')
    const closed = rules([], { allowedGroups: ['ops'] })
    assert.equal(
      await reasonOf(world.identities.linkOwn(bob, ada(['dev']), closed, ORIGIN)),
      'outside-not-allowed',
    )
    await world.enterAda()
    assert.equal(
      await reasonOf(world.identities.linkOwn(bob, ada(['dev']), rules(), ORIGIN)),
      'identity-taken',
    )
  })
})

suite('unlinking', () => {
  test('takes away what the provider gave, ends sessions, and switches off tokens that give more', async () => {
    const world = await labWorld()
    const { user, key } = await world.enterAda()
    const mine = permission('read', 'users', { id: user.id })
    const { caller } = world.operator
    const strong = await world.addToken(await world.asUser(user.id), user.id, world.lab.id, [
      permission('write', 'buckets', { orgID: world.lab.id }),
    ])
    const weak = await world.addToken(await world.asUser(user.id), user.id, world.lab.id, [mine])
    const link = await world.linkOf(user.id)
    assert.ok(link)
    await world.identities.unlink(caller, user.id, link.id)
    assert.deepEqual(await world.store.memberships.ofUser(user.id), [])
    assert.equal(await reasonOf(world.asSession(key)), 'session-expired')
    assert.equal(await reasonOf(world.asToken(strong.token)), 'token-inactive')
    assert.equal((await world.asToken(weak.token)).principal.permissions.allows(mine), true)
    const off = await world.switchedOffTokens.ofUser(caller.principal, user.id)
    assert.deepEqual(
      off.map(({ id }) => id),
      [strong.id],
    )
    assert.equal(await reasonOf(world.identities.unlink(caller, user.id, link.id)), 'not found')
  })

  test('one’s own only way to sign in stays; with a password it goes, and with it the session that it began', async () => {
    const world = await labWorld()
    const { user, key } = await world.enterAda()
    const caller = await world.asSession(key)
    const link = await world.linkOf(user.id)
    assert.ok(link)
    assert.equal(await reasonOf(world.identities.unlink(caller, user.id, link.id)), 'unprocessable entity')
    await world.store.passwords.set(user.id, {
      hash: await world.hasher.hash(Buffer.from('pw')),
      mustChange: false,
    })
    await world.identities.unlink(caller, user.id, link.id)
    assert.equal(await reasonOf(world.asSession(key)), 'session-expired')
    assert.equal(await world.linkOf(user.id), undefined)
  })

  test('a password that the settings let nobody sign in with is no other way', async () => {
    const world = await labWorld({ localSignIn: 'none' })
    const { user, key } = await world.enterAda()
    await world.store.passwords.set(user.id, { hash: 'x', mustChange: false })
    const caller = await world.asSession(key)
    const link = await world.linkOf(user.id)
    assert.ok(link)
    assert.equal(await reasonOf(world.identities.unlink(caller, user.id, link.id)), 'unprocessable entity')
    await world.identities.unlink(world.operator.caller, user.id, link.id)
    assert.equal(await world.linkOf(user.id), undefined)
  })

  test('keeps the session of a password, and is refused for the identity of somebody else', async () => {
    const world = await labWorld()
    const { user } = await world.enterAda()
    await world.store.passwords.set(user.id, { hash: 'x', mustChange: false })
    const { key } = await world.startSession(user.id)
    const link = await world.linkOf(user.id)
    assert.ok(link)
    const eve = await world.addUser('eve')
    assert.equal(
      await reasonOf(world.identities.unlink(await world.asUser(eve), user.id, link.id)),
      'missing-permission',
    )
    assert.equal(await reasonOf(world.identities.unlink(await world.asUser(eve), eve, link.id)), 'not found')
    await world.identities.unlink(await world.asSession(key), user.id, link.id)
    assert.ok(await world.asSession(key))
  })

  test('of the last operator is refused, if the operator is one by the provider', async () => {
    const world = await labWorld()
    const { user } = await world.enterAda(['ops'])
    await world.store.passwords.set(user.id, { hash: 'x', mustChange: false })
    const caller = await world.asUser(user.id)
    await world.users.update(caller, world.operator.userID, { status: 'inactive' })
    const link = await world.linkOf(user.id)
    assert.ok(link)
    assert.equal(await reasonOf(world.identities.unlink(caller, user.id, link.id)), 'last-operator')
    assert.deepEqual(await world.linkOf(user.id), link)
  })
})

test('deleting a user frees the identity, for the same person to come back as another user', async () => {
  const world = await labWorld()
  const { user } = await world.enterAda()
  await world.users.remove(world.operator.caller, user.id)
  const again = await world.enterAda()
  assert.notEqual(again.user.id, user.id)
})
