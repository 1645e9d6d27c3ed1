import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { callerWith, createWorld, NOBODY, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { permission } from '../records/permission.ts'

const KEEP = { mustChange: false }

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld({ rememberLengthMs: 86_400_000, ...options })
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const signIn = (password: string) => world.enter('ada', password)
  const live = async () => (await world.sessionStore.ofUser(userID)).map(({ keyHash }) => keyHash)
  return { ...world, operator, userID, signIn, live }
}

/** The same world; `ada` also has a password. */
async function setUpWithPassword(options: WorldOptions = {}) {
  const world = await setUp(options)
  await world.passwords.set(world.operator.caller, world.userID, 'old password', KEEP)
  return world
}

suite('setting a password', () => {
  test('requires permission to write that user', async () => {
    const { passwords, userID, store } = await setUp()
    const caller = callerWith(compilePermissions([permission('read', 'users')]))
    const message = `write:users/${userID} is unauthorized`
    await refused(() => passwords.set(caller, userID, 'new password', KEEP), 'unauthorized', message)
    const old = Buffer.from('old')
    await refused(() => passwords.change(caller, userID, old, 'new password'), 'unauthorized', message)
    assert.equal(await store.passwords.get(userID), undefined)
  })

  test('requires a recent sign-in', async () => {
    const { passwords, operator, userID, startSession, asSession, clock, store } = await setUp({
      freshMs: 300_000,
    })
    const { key } = await startSession(operator.userID)
    clock.forward(300_000)
    const caller = await asSession(key)
    await refused(() => passwords.set(caller, userID, 'new password', KEEP), 'forbidden', /sign in again/)
    assert.equal(await store.passwords.get(userID), undefined)
  })

  test('an unsuitable password is refused before anything is hashed', async () => {
    const { passwords, operator, userID, store } = await setUp({ policy: 'common' })
    const before = await store.passwords.get(operator.userID)
    for (const password of ['short', 'password1', 'ada 2026!!', "Operator's-1"]) {
      await refused(
        () =>
          passwords.set(operator.caller, password.startsWith('O') ? operator.userID : userID, password, KEEP),
        'invalid',
      )
    }
    assert.equal(await store.passwords.get(userID), undefined)
    assert.deepEqual(await store.passwords.get(operator.userID), before)
  })

  test('of an unknown user is refused and stores nothing', async () => {
    const { passwords, operator, store } = await setUp()
    const work = () => passwords.set(operator.caller, NOBODY, 'new password', KEEP)
    await refused(work, 'forbidden', 'your userID is incorrect')
    assert.equal(await store.passwords.get(NOBODY), undefined)
  })

  test('lets the user sign in with it, and is in the audit log without it', async () => {
    const { passwords, operator, userID, signIn, lines, audited } = await setUp()
    await passwords.set(operator.caller, userID, 'new password', KEEP)
    await signIn('new password')
    const [event] = await audited({ event: 'password.reset' })
    assert.deepEqual([event?.actor.userID, event?.target.id], [operator.userID, userID])
    assert.ok(!JSON.stringify([lines, await audited()]).includes('new password'))
  })

  test('of another user ends all their sessions, remembered or not', async () => {
    const { passwords, operator, userID, startSession, sessions, store, live } = await setUp()
    const mine = await startSession(operator.userID)
    await startSession(userID)
    await startSession(userID, { remembered: true })
    await passwords.set(operator.caller, userID, 'new password', KEEP)
    assert.deepEqual([await live(), await store.rememberedSessions.all()], [[], []])
    await sessions.authenticate(mine.key, false)
  })

  test("of another user may require a change, the caller's own never does, and a change lifts the requirement", async () => {
    const { passwords, operator, userID, asUser, enter, sessions, asSession } = await setUp()
    const must = async (id: typeof userID) => (await asUser(id)).principal.mustChangePassword
    await passwords.set(operator.caller, userID, 'new password', { mustChange: true })
    const { key } = await enter('ada', 'new password')
    const { principal } = await sessions.authenticate(key, false)
    assert.equal(principal.mustChangePassword, true)
    const change = async (next: string) =>
      passwords.change(await asSession(key), userID, Buffer.from('new password'), next)
    await refused(() => change('new password'), 'invalid', 'the password must be changed; choose another one')
    await change('newer password')
    assert.equal((await sessions.authenticate(key, false)).principal.mustChangePassword, false)
    await passwords.set(operator.caller, operator.userID, 'own password', { mustChange: true })
    assert.equal(await must(operator.userID), false)
  })
})

suite("changing one's own password", () => {
  const incorrect = 'your username or password is incorrect'

  test('requires the old one, and is refused for a user without a password', async () => {
    const { passwords, operator, userID, asUser, signIn } = await setUp()
    const caller = await asUser(userID)
    const change = (old: string) => passwords.change(caller, userID, Buffer.from(old), 'new password')
    await refused(() => change(''), 'forbidden', incorrect)
    await passwords.set(operator.caller, userID, 'old password', KEEP)
    for (const old of ['', 'old passwore', 'new password']) {
      await refused(() => change(old), 'forbidden', incorrect)
    }
    await signIn('old password')
  })

  test('throttles guesses at the old one', async () => {
    const { passwords, userID, asUser, signIn } = await setUpWithPassword({ limits: { pairFree: 2 } })
    const caller = await asUser(userID)
    const change = (old: string) => passwords.change(caller, userID, Buffer.from(old), 'new password')
    for (const old of ['a', 'b']) await refused(() => change(old), 'forbidden', incorrect)
    await refused(() => change('old password'), 'too many requests')
    await refused(() => signIn('old password'), 'too many requests')
  })

  test('replaces it: the old one is refused at sign-in', async () => {
    const { passwords, userID, asUser, signIn } = await setUpWithPassword()
    await passwords.change(await asUser(userID), userID, Buffer.from('old password'), 'new password')
    await refused(() => signIn('old password'), 'unauthorized')
    await signIn('new password')
  })

  test("keeps the caller's session and ends the others", async () => {
    const { passwords, userID, startSession, asSession, store, live } = await setUpWithPassword()
    const own = await startSession(userID, { remembered: true })
    await startSession(userID)
    await startSession(userID, { remembered: true })
    const old = Buffer.from('old password')
    await passwords.change(await asSession(own.key), userID, old, 'new password')
    assert.deepEqual(await live(), [own.session.keyHash])
    const kept = (await store.rememberedSessions.all()).map(({ keyHash }) => keyHash)
    assert.deepEqual(kept, [own.session.keyHash])
  })

  test('is refused if the password was replaced while the old one was being verified', async () => {
    const { passwords, userID, asUser, store, hasher, signIn } = await setUpWithPassword()
    const hash = await hasher.hash(Buffer.from('reset password'))
    const changing = passwords.change(
      await asUser(userID),
      userID,
      Buffer.from('old password'),
      'new password',
    )
    changing.catch(() => {})
    while (hasher.pending() === 0) await new Promise((resolve) => setImmediate(resolve))
    await store.passwords.set(userID, { hash, mustChange: false })
    await refused(() => changing, 'forbidden', incorrect)
    await signIn('reset password')
  })
})

suite('replacing a password that is too weak', () => {
  const WEAK = 'correct horse'
  const STRONG = 'Correct horse 1'

  async function setUpWeak() {
    const world = await setUp({ policy: 'strong' })
    const hash = await world.hasher.hash(Buffer.from(WEAK))
    await world.store.passwords.set(world.userID, { hash, mustChange: false })
    const replace = (name: string | undefined, password: string, next = STRONG) =>
      world.passwords.replaceWeak({ name, password: Buffer.from(password) }, next, ORIGIN)
    return { ...world, hash, replace }
  }

  test('is refused the same way for a wrong password and for an unknown user', async () => {
    const { replace, passwords, store, userID, hash } = await setUpWeak()
    await refused(() => passwords.replaceWeak(undefined, STRONG, ORIGIN), 'unauthorized')
    for (const [name, password] of [
      ['ada', 'wrong horse'],
      ['nobody', WEAK],
      [undefined, WEAK],
      ['operator', ''],
    ] as const) {
      await refused(() => replace(name, password), 'unauthorized', 'unauthorized access')
    }
    assert.equal((await store.passwords.get(userID))?.hash, hash)
  })

  test('is refused for an inactive user, and for a new password that is weak too', async () => {
    const { replace, store, userID, hash } = await setUpWeak()
    await refused(() => replace('ada', WEAK, 'still weak one'), 'invalid')
    await store.users.update({ id: userID, name: 'ada', status: 'inactive' })
    await refused(() => replace('ada', WEAK), 'unauthorized', 'unauthorized access')
    assert.equal((await store.passwords.get(userID))?.hash, hash)
  })

  test('allows sign-in with the new one, which cannot be replaced that way again', async () => {
    const { replace, signIn, startSession, userID, live, audited } = await setUpWeak()
    await startSession(userID)
    await refused(() => signIn(WEAK), 'forbidden', 'password change required')
    await replace('ada', WEAK)
    assert.deepEqual(await live(), [])
    assert.equal((await audited({ event: 'password.change' }))[0]?.actor.userID, userID)
    await refused(() => replace('ada', STRONG, 'Another horse 2'), 'unauthorized', 'unauthorized access')
    await signIn(STRONG)
  })
})
