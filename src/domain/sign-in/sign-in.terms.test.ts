import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { hashSecret } from '../base/secrets.ts'
import { sessionID } from '../records/session.ts'

const PASSWORD = 'correct horse'
const DAY = 86_400_000

async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const userID = await world.addUser('ada')
  const setHash = (hash: string) => world.store.passwords.set(userID, { hash, mustChange: false })
  await setHash(await world.hasher.hash(Buffer.from(PASSWORD)))
  const kept = async () => (await world.store.passwords.get(userID))?.hash
  return { ...world, userID, setHash, kept }
}

suite('guessing at the sign-in', () => {
  const limits = { pairFree: 2, user: 3, address: 4 }

  test('is throttled before hashing, for existing and unknown names', async () => {
    const { enter, verified, outcomes, audited } = await setUp({ limits })
    for (const name of ['ada', 'nobody']) {
      verified.length = 0
      const origin = { ...ORIGIN, address: `192.0.2.${name.length}` }
      for (const password of ['a', 'b'])
        await refused(() => enter(name, password, { origin }), 'unauthorized')
      await refused(() => enter(name, PASSWORD, { origin }), 'too many requests', /wait 10 seconds/)
      assert.equal(verified.length, 2)
    }
    assert.deepEqual(outcomes.slice(-3), ['refused', 'refused', 'throttled'])
    assert.equal((await audited({ event: 'signin', outcome: 'throttled' })).length, 2)
  })

  test('counts a request without credentials against its address', async () => {
    const { enter, outcomes } = await setUp({ limits })
    const nothing = () => enter('ada', '', { credentials: undefined })
    for (let index = 0; index < 4; index++) await refused(nothing, 'unauthorized')
    await refused(nothing, 'too many requests')
    await refused(() => enter('ada', PASSWORD), 'too many requests')
    assert.equal(outcomes.at(-1), 'throttled')
  })

  test('from one address does not lock out a user at their known address', async () => {
    const { enter, clock } = await setUp({ limits })
    await enter('ada', PASSWORD)
    for (let index = 0; index < 3; index++) {
      const origin = { ...ORIGIN, address: `198.51.100.${index}` }
      await refused(() => enter('ada', 'wrong', { origin }), 'unauthorized')
    }
    const elsewhere = { origin: { ...ORIGIN, address: '203.0.113.1' } }
    await refused(() => enter('ada', PASSWORD, elsewhere), 'too many requests')
    await enter('ada', PASSWORD)
    clock.forward(31 * DAY)
    await enter('ada', PASSWORD, elsewhere)
  })

  test('does not count errors that are not refusals', async () => {
    const { enter, store, outcomes } = await setUp({ limits: { pairFree: 1 } })
    const get = store.passwords.get
    store.passwords.get = () => Promise.reject(new Error('the store is away'))
    for (let index = 0; index < 3; index++) await assert.rejects(enter('ada', PASSWORD), /is away/)
    assert.deepEqual(outcomes, [])
    store.passwords.get = get
    await enter('ada', PASSWORD)
  })
})

suite('the stored hash', () => {
  test('is upgraded from bcrypt to argon2id at a successful sign-in only', async () => {
    const { enter, setHash, kept } = await setUp()
    const old = await bcrypt(PASSWORD, 4)
    await setHash(old)
    await refused(() => enter('ada', 'wrong horse'), 'unauthorized')
    assert.equal(await kept(), old)
    await enter('ada', PASSWORD)
    assert.match((await kept()) ?? '', /^\$argon2id\$/)
    await enter('ada', PASSWORD)
  })

  test('keeps the required password change when it is upgraded', async () => {
    const { enter, store, userID } = await setUp()
    await store.passwords.set(userID, { hash: await bcrypt(PASSWORD, 4), mustChange: true })
    await enter('ada', PASSWORD)
    const { hash, mustChange } = (await store.passwords.get(userID)) ?? assert.fail()
    assert.match(hash, /^\$argon2id\$/)
    assert.equal(mustChange, true)
  })

  test('is refused like a wrong password if it is malformed, and the log says so without the hash', async () => {
    const { enter, setHash, lines, outcomes } = await setUp()
    await setHash('damaged')
    await refused(() => enter('ada', PASSWORD), 'unauthorized', 'unauthorized access')
    assert.deepEqual(outcomes, ['refused'])
    assert.ok(lines.some(({ level, message }) => level === 'error' && /cannot be read/.test(message)))
    assert.ok(!JSON.stringify(lines).includes('damaged'))
  })

  test('is left unchanged if it is current', async () => {
    const { enter, kept } = await setUp()
    const before = await kept()
    await enter('ada', PASSWORD)
    assert.equal(await kept(), before)
  })

  test('refuses the old password if it changes while that is being verified', async () => {
    const { enter, setHash, hasher, kept, sessionStore, outcomes } = await setUp()
    const next = await hasher.hash(Buffer.from('another horse'))
    const signingIn = enter('ada', PASSWORD)
    signingIn.catch(() => {})
    while (hasher.pending() === 0) await new Promise((resolve) => setImmediate(resolve))
    await setHash(next)
    assert.equal(hasher.pending(), 1, 'the change came in time')
    await refused(() => signingIn, 'unauthorized', 'unauthorized access')
    assert.deepEqual([await kept(), sessionStore.count(), outcomes], [next, 0, ['refused']])
  })
})

suite('a session whose key is sent with a sign-in', () => {
  test('ends if the sign-in succeeds, whichever user it belongs to', async () => {
    const { enter, sessions, addUser, startSession, store, audited } = await setUp({
      rememberLengthMs: 30 * DAY,
    })
    const others = await startSession(await addUser('bob'), { remembered: true })
    await refused(() => enter('ada', 'wrong', { presentedKeys: [others.key] }), 'unauthorized')
    await sessions.authenticate(others.key, false)
    const first = await enter('ada', PASSWORD, { presentedKeys: [others.key] })
    await refused(() => sessions.authenticate(others.key, false), 'unauthorized')
    assert.deepEqual(await store.rememberedSessions.all(), [])
    const [ended] = await audited({ event: 'session.end' })
    assert.deepEqual(
      [ended?.target.id, ended?.actor.userID],
      [sessionID(others.session), others.session.userID],
    )
    const second = await enter('ada', PASSWORD, { presentedKeys: [first.key] })
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
    await sessions.authenticate(second.key, false)
  })

  test('may be one of several, of which up to ten end', async () => {
    const { enter, sessions, addUser, startSession } = await setUp()
    const bob = await addUser('bob')
    const keys: string[] = []
    for (let count = 0; count < 12; count++) keys.push((await startSession(bob)).key)
    await enter('ada', PASSWORD, { presentedKeys: keys })
    for (const key of keys.slice(0, 10))
      await refused(() => sessions.authenticate(key, false), 'unauthorized')
    for (const key of keys.slice(10)) await sessions.authenticate(key, false)
  })

  test('may not exist', async () => {
    const { enter, sessionStore } = await setUp()
    for (const presentedKeys of [[], ['nope']]) await enter('ada', PASSWORD, { presentedKeys })
    assert.equal(sessionStore.count(), 2)
  })
})

suite('a remembered session', () => {
  test('is in the database, by hash, with the configured expiry', async () => {
    const { enter, store, clock, userID } = await setUp({ rememberLengthMs: 30 * DAY })
    await enter('ada', PASSWORD)
    assert.deepEqual(await store.rememberedSessions.all(), [])
    const { key, expiresAt } = await enter('ada', PASSWORD, { remember: true })
    const [session, ...others] = await store.rememberedSessions.all()
    assert.deepEqual(others, [])
    assert.deepEqual([session?.keyHash, session?.userID], [hashSecret(key), userID])
    assert.deepEqual([session?.expiresAt, expiresAt], [clock.at + 30 * DAY, clock.at + 30 * DAY])
  })

  test('is an ordinary session if remembering is not allowed', async () => {
    const { enter, store, clock } = await setUp({ lengthMs: 60_000 })
    const { expiresAt } = await enter('ada', PASSWORD, { remember: true })
    assert.equal(expiresAt, clock.at + 60_000)
    assert.deepEqual(await store.rememberedSessions.all(), [])
  })
})

test('a sign-in that cannot be committed leaves no session, remembered or not', async () => {
  const { enter, store, sessionStore } = await setUp({ rememberLengthMs: 30 * DAY })
  // A value that is not a string makes the audit event fail, which is written last.
  const origin = { ...ORIGIN, requestID: {} as never }
  await assert.rejects(enter('ada', PASSWORD, { remember: true, origin }))
  assert.deepEqual([sessionStore.count(), await store.rememberedSessions.all()], [0, []])
})
