import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { hashSecret } from '../base/secrets.ts'
import { type Session, sessionID } from '../records/session.ts'

const MINUTE = 60_000
const PASSWORD = 'correct horse 1'

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld({ sessionLimit: 3, rememberLengthMs: 1000 * MINUTE, ...options })
  const userID = await world.addUser('ada')
  const hash = await world.hasher.hash(Buffer.from(PASSWORD))
  await world.store.passwords.set(userID, { hash, mustChange: false })
  /** Signs in one minute after the previous sign-in. */
  async function signIn(more: Parameters<typeof world.enter>[2] = {}) {
    world.clock.forward(MINUTE)
    return (await world.enter('ada', PASSWORD, more)).key
  }
  const left = async (keys: readonly string[]) => {
    const hashes = (await world.sessionStore.ofUser(userID)).map(({ keyHash }) => keyHash)
    assert.equal(hashes.filter((hash) => !keys.map(hashSecret).includes(hash)).length, 0)
    return keys.map((key) => hashes.includes(hashSecret(key)))
  }
  return { ...world, userID, signIn, left }
}

suite('sessions of one user beyond the limit', () => {
  test('end, the least recently used first; other users keep theirs', async () => {
    const { signIn, left, sessions, addUser, startSession, clock } = await setUp()
    const other = await startSession(await addUser('bob'))
    const [first, second, third] = [await signIn(), await signIn(), await signIn()]
    clock.forward(MINUTE)
    await sessions.authenticate(first, false)
    const fourth = await signIn()
    assert.deepEqual(await left([first, second, third, fourth]), [true, false, true, true])
    const fifth = await signIn()
    assert.deepEqual(await left([first, third, fourth, fifth]), [true, false, true, true])
    await sessions.authenticate(other.key, false)
  })

  test('end by age if they were last used at the same time', async () => {
    const { startSession, userID, signIn, sessionStore } = await setUp()
    const [first, second, third] = [
      await startSession(userID),
      await startSession(userID),
      await startSession(userID),
    ]
    await signIn()
    const hashes = (await sessionStore.ofUser(userID)).map(({ keyHash }) => keyHash)
    assert.deepEqual(
      [first, second, third].map(({ session }) => hashes.includes(session.keyHash)),
      [false, true, true],
    )
  })

  test('of the same client end before those of others, however long the others were unused', async () => {
    const { signIn, left } = await setUp()
    const browser = { origin: { ...ORIGIN, userAgent: 'Mozilla/5.0 (X11)' } }
    const elsewhere = { origin: { ...ORIGIN, address: '192.0.2.8' } }
    const [person, other] = [await signIn(browser), await signIn(elsewhere)]
    const scripts = [await signIn(), await signIn(), await signIn()]
    assert.deepEqual(await left([person, other, ...scripts]), [true, true, false, false, true])
    const again = await signIn(browser)
    assert.deepEqual(await left([person, other, again, scripts[2] ?? '']), [false, true, true, true])
  })

  test('count as the same client if IPv6 network and user agent are equal', async () => {
    const { signIn, left } = await setUp()
    const from = (address: string) => signIn({ origin: { ...ORIGIN, address } })
    const other = await from('2001:db8:0:1::1')
    const keys = [await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8::3')]
    assert.deepEqual(await left([other, ...keys]), [true, false, true, true])
  })

  test('of programs end before those of browsers, whatever their user agent', async () => {
    const { signIn, left } = await setUp()
    const by = (userAgent: string, address = ORIGIN.address) =>
      signIn({ origin: { ...ORIGIN, userAgent, address } })
    const person = await by('Mozilla/5.0 (X11)')
    const agents = ['influx/2.7.5', 'influx/2.7.6', 'curl/8.5.0', '', 'python-requests/2.32 Mozilla/5.0']
    const scripts = []
    for (const [index, agent] of agents.entries()) scripts.push(await by(agent, `192.0.2.${100 + index}`))
    assert.deepEqual(await left([person, ...scripts]), [true, false, false, false, true, true])
    const [phone, tablet] = [await by('Mozilla/5.0 (Android)'), await by('Mozilla/5.0 (iPad)')]
    assert.deepEqual(await left([person, phone, tablet]), [true, true, true])
    // With only browser sessions, the least recently used ends.
    const fourth = await by('Mozilla/5.0 (Windows)')
    assert.deepEqual(await left([person, phone, tablet, fourth]), [false, true, true, true])
  })

  test('are removed from the database in the same change, and the audit log names them', async () => {
    const { signIn, store, userID, audited, sessionStore } = await setUp()
    const kept = await signIn({ remember: true })
    const { keyHash } = (await sessionStore.find(hashSecret(kept))) as Session
    for (let count = 0; count < 3; count++) await signIn()
    assert.deepEqual(await store.rememberedSessions.all(), [])
    const [event, ...others] = await audited({ event: 'session.end' })
    assert.deepEqual(others, [])
    assert.deepEqual([event?.target.id, event?.actor.userID], [sessionID({ keyHash }), userID])
    assert.equal(event?.address, ORIGIN.address)
  })

  test('do not include one whose key was sent with the sign-in, since it ends anyway', async () => {
    const { signIn, left } = await setUp()
    const [first, second, third] = [await signIn(), await signIn(), await signIn()]
    const fourth = await signIn({ presentedKeys: [third] })
    assert.deepEqual(await left([first, second, third, fourth]), [true, true, false, true])
  })

  test('do not include expired ones', async () => {
    const { signIn, clock, sessionStore, userID } = await setUp()
    const kept = await signIn({ remember: true })
    for (let count = 0; count < 2; count++) await signIn()
    clock.forward(20 * MINUTE)
    const [fourth, fifth] = [await signIn(), await signIn()]
    assert.equal((await sessionStore.ofUser(userID)).length, 5)
    const all = (await sessionStore.ofUser(userID)).map(({ keyHash }) => keyHash)
    assert.ok([kept, fourth, fifth].every((key) => all.includes(hashSecret(key))))
  })

  test('do not exist if the limit is 0, and end when the limit is lowered', async () => {
    const { signIn, sessionStore, userID } = await setUp({ sessionLimit: 0 })
    for (let count = 0; count < 8; count++) await signIn()
    assert.equal((await sessionStore.ofUser(userID)).length, 8)
    const lowered = await setUp({ sessionLimit: 2 })
    for (let count = 0; count < 5; count++) await lowered.startSession(lowered.userID)
    await lowered.signIn()
    assert.equal((await lowered.sessionStore.ofUser(lowered.userID)).length, 2)
  })

  test('do not end if the sign-in fails', async () => {
    const { enter, signIn, sessionStore, userID } = await setUp()
    for (let count = 0; count < 3; count++) await signIn()
    await assert.rejects(enter('ada', 'wrong horse 1'))
    assert.equal((await sessionStore.ofUser(userID)).length, 3)
  })
})
