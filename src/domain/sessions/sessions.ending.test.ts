import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { type Session, sessionID } from '../records/session.ts'

const DAY = 86_400_000

/** `ada` has three sessions, the oldest of them remembered; the operator has one. */
async function setUp(options: WorldOptions = {}) {
  const world = await createWorld({ rememberLengthMs: 30 * DAY, ...options })
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const first = await world.startSession(userID, { remembered: true })
  const second = await world.startSession(userID)
  const third = await world.startSession(userID)
  const other = await world.startSession(operator.userID, { remembered: true })
  const remembered = async () => hashes(await world.store.rememberedSessions.all())
  const live = async () => hashes(await world.sessionStore.ofUser(userID))
  return { ...world, operator, userID, first, second, third, other, remembered, live }
}

const hashes = (sessions: readonly Session[]) => sessions.map(({ keyHash }) => keyHash)

suite("the list of a user's sessions", () => {
  test("another's is for whoever may write that user", async () => {
    const { sessions, operator, userID, asUser } = await setUp()
    const { principal } = await asUser(userID)
    const message = `write:users/${operator.userID} is unauthorized`
    await refused(() => sessions.listOf(principal, operator.userID), 'unauthorized', message)
    assert.equal((await sessions.listOf(operator.caller.principal, userID)).length, 3)
    await refused(() => sessions.listOf(operator.caller.principal, NOBODY), 'not found', 'user not found')
  })

  test("one's own are those that live, the newest first", async () => {
    const { sessions, userID, asUser, first, second, third, clock } = await setUp()
    const { principal } = await asUser(userID)
    const listed = async () => hashes(await sessions.list(principal))
    assert.deepEqual(await listed(), hashes([third.session, second.session, first.session]))
    clock.at = second.expiresAt
    assert.deepEqual(await listed(), hashes([first.session]))
  })
})

suite('ending sessions', () => {
  test("another's is for whoever may write that user; everybody's is for operators", async () => {
    const { sessions, operator, userID, asUser, other, live } = await setUp()
    const caller = await asUser(userID)
    const id = sessionID(other.session)
    const message = `write:users/${operator.userID} is unauthorized`
    await refused(() => sessions.endOne(caller, operator.userID, id), 'unauthorized', message)
    await refused(
      () => sessions.endAllOf(caller, operator.userID, { keepOwn: false }),
      'unauthorized',
      message,
    )
    await refused(() => sessions.endAllOfInstance(caller), 'unauthorized', 'write:instance is unauthorized')
    await sessions.authenticate(other.key, false)
    assert.equal((await live()).length, 3)
  })

  test('one, by its public id, is that of this user or not found', async () => {
    const { sessions, operator, userID, first, second, third, other, live, remembered } = await setUp()
    for (const id of [NOBODY, sessionID(other.session)]) {
      await refused(() => sessions.endOne(operator.caller, userID, id), 'not found', 'session not found')
    }
    await sessions.endOne(operator.caller, userID, sessionID(first.session))
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
    assert.deepEqual(await live(), hashes([third.session, second.session]))
    assert.deepEqual(await remembered(), hashes([other.session]))
    await refused(
      () => sessions.endOne(operator.caller, userID, sessionID(first.session)),
      'not found',
      'session not found',
    )
  })

  test('of a user whom there is not is refused, as that user is', async () => {
    const { sessions, operator, live } = await setUp()
    const ending = () => sessions.endAllOf(operator.caller, NOBODY, { keepOwn: false })
    await refused(ending, 'not found', 'user not found')
    assert.equal((await live()).length, 3)
  })

  test("all of one's own may leave the one by which it is asked", async () => {
    const { sessions, userID, asSession, first, second, other, live, remembered } = await setUp()
    await sessions.endAllOf(await asSession(second.key), userID, { keepOwn: true })
    assert.deepEqual([await live(), await remembered()], [hashes([second.session]), hashes([other.session])])
    await sessions.endAllOf(await asSession(second.key), userID, { keepOwn: false })
    assert.deepEqual(await live(), [])
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
    await sessions.authenticate(other.key, false)
  })

  test("everybody's are the caller's own too", async () => {
    const { sessions, sessionStore, asSession, other, remembered } = await setUp()
    await sessions.endAllOfInstance(await asSession(other.key))
    assert.deepEqual([sessionStore.count(), await remembered()], [0, []])
  })

  test('leaves a sign-in that comes right after it whole: in memory and, remembered, in the store', async (t) => {
    const { sessions, operator, userID, sessionStore, startSession, remembered } = await setUp()
    const late: string[] = []
    /** Signs in after the database has the change and before memory has it. */
    async function signInFirst() {
      const { key, session } = await startSession(userID, { remembered: true })
      late.push(session.keyHash)
      return key
    }
    const { removeAll, removeOfUser } = sessionStore
    let key = ''
    t.mock.method(sessionStore, 'removeAll', async (...given: Parameters<typeof removeAll>) => {
      key = await signInFirst()
      return removeAll(...given)
    })
    t.mock.method(sessionStore, 'removeOfUser', async (...given: Parameters<typeof removeOfUser>) => {
      key = await signInFirst()
      return removeOfUser(...given)
    })
    await sessions.endAllOfInstance(operator.caller)
    await sessions.authenticate(key, false)
    assert.deepEqual(await remembered(), late)
    late.length = 0
    await sessions.endAllOf(operator.caller, userID, { keepOwn: false })
    await sessions.authenticate(key, false)
    assert.deepEqual(await remembered(), late)
  })

  test('each is in the audit log, with who and whose', async () => {
    const { sessions, operator, userID, first, audited } = await setUp()
    await sessions.endOne(operator.caller, userID, sessionID(first.session))
    await sessions.endAllOf(operator.caller, userID, { keepOwn: false })
    await sessions.endAllOfInstance(operator.caller)
    const events = await audited({ event: 'session.end' })
    assert.deepEqual(
      events.map(({ target, actor }) => [target.type, target.id, actor.userID]),
      [
        ['session', sessionID(first.session), operator.userID],
        ['user', userID, operator.userID],
        ['instance', undefined, operator.userID],
      ],
    )
    const ofAda = await audited({ event: 'session.end', userID })
    assert.equal(ofAda.length, 2, 'whoever asks for the user finds both')
  })
})

suite('a remembered session', () => {
  test('is gone from the store of record before whoever ends it has the answer', async () => {
    const { sessions, first, other, remembered } = await setUp()
    await sessions.end(first.key, ORIGIN)
    assert.deepEqual(await remembered(), hashes([other.session]))
  })

  test('ends at a sign-out that cannot be written, too; an end by somebody else is all or nothing', async () => {
    const { sessions, operator, userID, first, second, live } = await setUp()
    // What is no text cannot be written into the audit log.
    const origin = { ...ORIGIN, requestID: {} as never }
    await assert.rejects(sessions.end(first.key, origin))
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
    const ending = sessions.endOne({ ...operator.caller, origin }, userID, sessionID(second.session))
    await assert.rejects(ending)
    assert.equal((await live()).length, 2)
  })

  test('goes with its user being deactivated, and with its user found to be gone', async () => {
    const { users, sessions, principals, operator, userID, store, first, other, remembered } = await setUp()
    await users.update(operator.caller, userID, { status: 'inactive' })
    assert.deepEqual(await remembered(), hashes([other.session]))
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
    await store.users.remove(operator.userID)
    principals.forget(operator.userID)
    await refused(() => sessions.authenticate(other.key, false), 'unauthorized')
    assert.deepEqual(await remembered(), [])
  })

  test('has one end, however busy it is', async () => {
    const { sessions, first, clock } = await setUp()
    for (let day = 0; day < 30; day++) {
      await sessions.authenticate(first.key, false)
      clock.forward(DAY)
    }
    await refused(() => sessions.authenticate(first.key, false), 'unauthorized')
  })
})
