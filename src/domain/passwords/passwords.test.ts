import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../test-refused.ts'
import { callerWith, createWorld, NOBODY, ORIGIN } from '../../test-world.ts'
import { permission } from '../permissions/permission.ts'
import { compilePermissions } from '../permissions/permission-set.ts'

async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const signIn = (password: string) =>
    world.signIn({ name: 'ada', password: Buffer.from(password) }, {}, ORIGIN)
  return { ...world, operator, userID, signIn }
}

suite('setting a password', () => {
  test('needs the writing of that user', async () => {
    const { passwords, userID, store } = await setUp()
    const caller = callerWith(compilePermissions([permission('read', 'users')]))
    const message = `write:users/${userID} is unauthorized`
    await refused(() => passwords.set(caller, userID, 'new password'), 'unauthorized', message)
    const old = Buffer.from('old')
    await refused(() => passwords.change(caller, userID, old, 'new password'), 'unauthorized', message)
    assert.equal(await store.passwords.get(userID), undefined)
  })

  test('one that does not fit is refused before anything is hashed', async () => {
    const { passwords, operator, userID, store } = await setUp()
    await refused(() => passwords.set(operator.caller, userID, 'short'), 'invalid')
    assert.equal(await store.passwords.get(userID), undefined)
  })

  test('of nobody is refused, and leaves nothing behind', async () => {
    const { passwords, operator, store } = await setUp()
    const work = () => passwords.set(operator.caller, NOBODY, 'new password')
    await refused(work, 'forbidden', 'your userID is incorrect')
    assert.equal(await store.passwords.get(NOBODY), undefined)
  })

  test('lets the user in with it, and says so in the log without it', async () => {
    const { passwords, operator, userID, signIn, lines } = await setUp()
    await passwords.set(operator.caller, userID, 'new password')
    await signIn('new password')
    assert.ok(lines.some(({ message, fields }) => message === 'password.change' && fields.target === userID))
    assert.ok(!JSON.stringify(lines).includes('new password'))
  })
})

suite('changing the own password', () => {
  const incorrect = 'your username or password is incorrect'

  test('needs the old one; whoever has none has none to show', async () => {
    const { passwords, operator, userID, asUser, signIn } = await setUp()
    const caller = await asUser(userID)
    const change = (old: string) => passwords.change(caller, userID, Buffer.from(old), 'new password')
    await refused(() => change(''), 'forbidden', incorrect)
    await passwords.set(operator.caller, userID, 'old password')
    for (const old of ['', 'old passwore', 'new password']) {
      await refused(() => change(old), 'forbidden', incorrect)
    }
    await signIn('old password')
  })

  test('replaces it: the old one no longer lets in', async () => {
    const { passwords, operator, userID, asUser, signIn } = await setUp()
    await passwords.set(operator.caller, userID, 'old password')
    await passwords.change(await asUser(userID), userID, Buffer.from('old password'), 'new password')
    await refused(() => signIn('old password'), 'unauthorized')
    await signIn('new password')
  })
})
