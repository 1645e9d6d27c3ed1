import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'

const RELYING_PARTY = { id: 'sluice.test', origin: 'https://sluice.test', name: 'Sluice' }
const PASSWORD = 'correct horse'

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld({ secondFactor: 'offered', relyingParty: RELYING_PARTY, ...options })
  const operator = await world.addOperator()
  async function holder(name: string, { hasPassword = true } = {}) {
    const userID = await world.addUser(name)
    if (hasPassword) await world.passwords.set(operator.caller, userID, PASSWORD, { mustChange: false })
    const caller = await world.asSession((await world.startSession(userID)).key)
    const device = createAuthenticator({ origin: RELYING_PARTY.origin, rpId: RELYING_PARTY.id })
    const begun = await world.passkeyEnrolment.begin(caller)
    await world.passkeyEnrolment.finish(caller, {
      ...begun,
      name: 'laptop',
      answer: device.create(begun.options),
    })
    return { userID, device }
  }
  /** The reason of the refusal; undefined if there is a session. */
  async function reasonOf(device: ReturnType<typeof createAuthenticator>): Promise<string | undefined> {
    const { options: asked, pending } = await world.passkeySignIn.begin()
    const request = { pending, answer: device.get(asked), wanted: {}, remember: false }
    return world.passkeySignIn.finish({ ...request, presentedKeys: [], origin: ORIGIN }).then(
      () => undefined,
      (error) => error.reason,
    )
  }
  return { ...world, holder, reasonOf }
}

suite('a passkey alone', () => {
  test('signs in whom this server knows by a password', async () => {
    const { holder, reasonOf } = await setUp()
    assert.equal(await reasonOf((await holder('ada')).device), undefined)
  })

  test('does not sign in whom only a provider or directory knows, since that alone tells when they are gone', async () => {
    const { holder, reasonOf } = await setUp()
    const { device } = await holder('guest', { hasPassword: false })
    assert.equal(await reasonOf(device), 'local-sign-in-off')
  })

  test('signs in only whom the settings let sign in by a password', async () => {
    const named = await setUp({ localSignIn: 'named', localNames: ['ada'] })
    assert.equal(await named.reasonOf((await named.holder('ada')).device), undefined)
    assert.equal(await named.reasonOf((await named.holder('bob')).device), 'local-sign-in-off')
    const none = await setUp({ localSignIn: 'none' })
    assert.equal(await none.reasonOf((await none.holder('ada')).device), 'local-sign-in-off')
  })
})
