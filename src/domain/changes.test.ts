import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createWorld, ORIGIN } from '../../test/support/world.ts'
import type { AuditEvent } from './records/audit-event.ts'
import { permission } from './records/permission.ts'
import { type Session, sessionID } from './records/session.ts'

async function setUp() {
  const world = await createWorld({ rememberLengthMs: 86_400_000 })
  const { caller, userID, orgID } = await world.addOperator()
  const before = (await world.audited()).length
  world.lines.length = 0
  return { ...world, caller, userID, orgID, news: async () => (await world.audited()).slice(before) }
}

/** As it is written: without what is undefined. */
const said = (value: unknown) => JSON.parse(JSON.stringify(value))

suite('a change that throws', () => {
  test('leaves neither data nor an audit event nor a line in the log', async () => {
    const { changes, store, ids, lines, caller, news } = await setUp()
    const id = ids.next()
    const failing = changes(async (change) => {
      await change.users.add({ id, name: 'ada', status: 'active' })
      change.records({ event: 'user.create', target: { type: 'user', id }, caller })
      throw new Error('second thoughts')
    })
    await assert.rejects(failing, /second thoughts/)
    assert.equal(await store.users.byID(id), undefined)
    assert.deepEqual(await news(), [])
    assert.deepEqual(lines, [])
  })

  test('ends no session, remembered or not', async () => {
    const { changes, startSession, sessions, store, userID, news } = await setUp()
    const { key } = await startSession(userID, { remembered: true })
    const failing = changes(async (change) => {
      await change.endsSessionsOf(userID, {})
      throw new Error('second thoughts')
    })
    await assert.rejects(failing, /second thoughts/)
    await sessions.authenticate(key, false)
    assert.deepEqual(await news(), [])
    assert.equal((await store.rememberedSessions.all()).length, 1)
  })

  test('so does one whose audit event cannot be written', async () => {
    const { changes, store, ids, lines, userID } = await setUp()
    const id = ids.next()
    const failing = changes(async (change) => {
      await change.users.update({ id: userID, name: 'renamed', status: 'active' })
      // An event needs a type of target.
      change.records({ event: 'user.update', target: { type: null as never, id } })
    })
    await assert.rejects(failing)
    assert.equal((await store.users.byID(userID))?.name, 'operator')
    assert.deepEqual(lines, [])
  })
})

suite('a change that is kept', () => {
  test('says what was done to what, by whom and from where, in the audit log and in the log', async () => {
    const { users, caller, userID, lines, clock, news } = await setUp()
    const { id } = await users.create(caller, { name: 'ada' })
    const target = { type: 'user', id, name: 'ada' }
    const { address, userAgent, requestID } = ORIGIN
    const [event, ...others] = await news()
    assert.deepEqual(others, [])
    const { id: _, ...written } = said(event)
    assert.deepEqual(written, {
      time: new Date(clock.at).toISOString(),
      event: 'user.create',
      outcome: 'success',
      actor: { userID, userName: 'operator' },
      target,
      ...{ address, userAgent, requestId: requestID, count: 1 },
    })
    const fields = { userID, target, address, requestID }
    assert.deepEqual(said(lines), [{ level: 'info', message: 'user.create', fields }])
  })

  test('by a token or a session says by which', async () => {
    const { users, caller, userID, orgID, addToken, asToken, startSession, asSession, news } = await setUp()
    const { token, id } = await addToken(caller, userID, orgID, [permission('write', 'users')])
    await users.create(await asToken(token), { name: 'ada' })
    const { key, session } = await startSession(userID)
    await users.create(await asSession(key), { name: 'bob' })
    assert.deepEqual(
      said((await news()).slice(-2)).map(({ actor: { userID, userName, ...by } }: AuditEvent) => by),
      [
        { authorizationID: id, authorizationDescription: '', authorizationOrgID: orgID },
        { sessionID: sessionID(session) },
      ],
    )
  })

  test('ends the sessions that it says, but for one, before the caller goes on', async () => {
    const { changes, startSession, sessionStore, store, userID, caller, news } = await setUp()
    const kept = await startSession(userID, { remembered: true })
    await startSession(userID, { remembered: true })
    await startSession(userID)
    const endOthers = () =>
      changes((change) => change.endsSessionsOf(userID, { caller }, kept.session.keyHash))
    await endOthers()
    const hashes = (sessions: readonly Session[]) => sessions.map(({ keyHash }) => keyHash)
    assert.deepEqual(hashes(await sessionStore.ofUser(userID)), [kept.session.keyHash])
    assert.deepEqual(hashes(await store.rememberedSessions.all()), [kept.session.keyHash])
    const ends = async () =>
      (await news()).map(({ event, actor, target }) => [event, actor.userID, target.id])
    assert.deepEqual(await ends(), [['session.end', userID, userID]])
    // A user without sessions has nothing to write.
    await endOthers()
    assert.equal((await ends()).length, 1)
  })
})
