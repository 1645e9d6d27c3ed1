import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { may } from '../access/principal.ts'
import type { AuditFilter } from '../records/audit-event.ts'
import { type Action, permission } from '../records/permission.ts'
import { type Session, sessionID } from '../records/session.ts'

const PASSWORD = 'correct horse'

/** A world where `ada` has a password and no membership, and the operator owns an organization. */
async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const hash = await world.hasher.hash(Buffer.from(PASSWORD))
  await world.store.passwords.set(userID, { hash, mustChange: false })
  world.lines.length = 0
  const signIn = (name: string | undefined, password: string, wanted = {}) =>
    world.enter(name, password, { wanted })
  return { ...world, operator, userID, signIn }
}

suite('a refused sign-in', () => {
  test('gives no reason, and always costs one hash', async () => {
    const { signIn, addUser, store, userID, verified, outcomes, audited } = await setUp({
      limits: { pairFree: 100 },
    })
    await addUser('nopassword')
    const attempts: [name: string | undefined, password: string, work: string][] = [
      ['ada', 'wrong horse', 'hash'],
      ['ada', '', 'hash'],
      ['ada', `${PASSWORD} `, 'hash'],
      ['Ada', PASSWORD, 'nothing'],
      ['nobody', PASSWORD, 'nothing'],
      ['', PASSWORD, 'nothing'],
      [undefined, PASSWORD, 'nothing'],
      ['nopassword', PASSWORD, 'nothing'],
    ]
    for (const [name, password] of attempts) {
      await refused(() => signIn(name, password), 'unauthorized', 'unauthorized access')
    }
    await store.users.update({ id: userID, name: 'ada', status: 'inactive' })
    await refused(() => signIn('ada', 'wrong horse'), 'unauthorized', 'unauthorized access')
    assert.deepEqual(verified, [...attempts.map(([, , work]) => work), 'hash'])
    assert.deepEqual(new Set(outcomes), new Set(['refused']))
    const noted = await audited({ event: 'signin', outcome: 'refused' })
    assert.deepEqual(
      noted.map(({ target, count }) => [target.name, count]),
      [
        ['ada', 4],
        [undefined, 4],
        ['nopassword', 1],
      ],
    )
  })

  test('makes the same database queries for every name, also when throttled', async () => {
    const { signIn, store, verified } = await setUp({ limits: { pairFree: 1, address: 1 } })
    const asked: string[] = []
    function watch<T extends object>(part: T, name: keyof T & string): void {
      const work = part[name] as (...args: unknown[]) => unknown
      part[name] = ((...args: unknown[]) => {
        asked.push(name)
        return work(...args)
      }) as never
    }
    watch(store.users, 'byName')
    watch(store.passwords, 'get')
    watch(store.knownAddresses, 'isKnown')
    await refused(() => signIn('ada', 'wrong'), 'unauthorized')
    assert.deepEqual(asked.splice(0), ['byName', 'isKnown', 'get'])
    for (const name of ['ada', 'nobody']) {
      await refused(() => signIn(name, 'wrong'), 'too many requests')
      assert.deepEqual(asked.splice(0), ['byName', 'isKnown'], name)
    }
    assert.equal(verified.length, 1)
  })

  test('is in the audit log with one count per user if it was throttled', async () => {
    const { signIn, addUser, userID, audited } = await setUp({ limits: { address: 1 } })
    const bob = await addUser('bob')
    await refused(() => signIn('nobody', 'wrong'), 'unauthorized')
    for (const name of ['nobody', 'ada', 'ada', 'bob']) {
      await refused(() => signIn(name, 'wrong'), 'too many requests')
    }
    const counts = async (filter: AuditFilter) =>
      (await audited({ ...filter, event: 'signin', outcome: 'throttled' })).map(({ count }) => count)
    assert.deepEqual([await counts({ userID }), await counts({ userID: bob })], [[2], [1]])
    assert.deepEqual(await counts({}), [1, 2, 1])
  })

  test('without credentials hashes nothing', async () => {
    const { enter, verified, outcomes } = await setUp()
    const nothing = { credentials: undefined }
    await refused(() => enter('ada', PASSWORD, nothing), 'unauthorized', 'unauthorized access')
    assert.deepEqual([verified, outcomes], [[], ['refused']])
  })

  test('reports a deactivated user only to a caller who knows the password', async () => {
    const { signIn, users, operator, userID, outcomes, sessionStore } = await setUp()
    await users.update(operator.caller, userID, { status: 'inactive' })
    await refused(() => signIn('ada', PASSWORD), 'forbidden', 'User is inactive')
    assert.deepEqual(outcomes, ['inactive'])
    assert.equal(sessionStore.count(), 0)
  })

  for (const change of ['deactivated', 'deleted'] as const) {
    test(`leaves no session if the user is ${change} while the password is being verified`, async () => {
      const { signIn, users, operator, userID, hasher, sessionStore } = await setUp()
      const signingIn = signIn('ada', PASSWORD)
      signingIn.catch(() => {})
      while (hasher.pending() === 0) await new Promise((resolve) => setImmediate(resolve))
      if (change === 'deleted') await users.remove(operator.caller, userID)
      else await users.update(operator.caller, userID, { status: 'inactive' })
      assert.equal(hasher.pending(), 1, 'the change came in time')
      await refused(() => signingIn, change === 'deleted' ? 'unauthorized' : 'forbidden')
      assert.equal(sessionStore.count(), 0)
    })
  }

  test('with strong passwords required, asks for a change only if the weak password is correct', async () => {
    const { signIn, outcomes, sessionStore } = await setUp({ policy: 'strong' })
    await refused(() => signIn('ada', 'weak too'), 'unauthorized', 'unauthorized access')
    await refused(() => signIn('ada', PASSWORD), 'forbidden', 'password change required')
    assert.deepEqual(outcomes, ['refused', 'weak-password'])
    assert.equal(sessionStore.count(), 0)
  })
})

suite('a successful sign-in', () => {
  test('starts a new session each time', async () => {
    const { signIn, userID, sessions, outcomes } = await setUp()
    const first = await signIn('ada', PASSWORD)
    const second = await signIn('ada', PASSWORD)
    assert.notEqual(first.key, second.key)
    for (const { key } of [first, second]) {
      assert.equal((await sessions.authenticate(key, false)).principal.user.id, userID)
    }
    assert.deepEqual(outcomes, ['success', 'success'])
  })

  test('is in the audit log and in the log with user and address, without the password', async () => {
    const { signIn, userID, audited, lines, sessionStore } = await setUp()
    const { key } = await signIn('ada', PASSWORD)
    const [session] = (await sessionStore.ofUser(userID)) as [Session]
    const [event] = await audited({ event: 'signin' })
    assert.deepEqual(
      [event?.actor.userID, event?.actor.userName, event?.actor.sessionID, event?.actor.authorizationID],
      [userID, 'ada', sessionID(session), undefined],
    )
    const { type, id, name, userName } = event?.target ?? {}
    assert.deepEqual([type, id, name, userName], ['session', sessionID(session), undefined, 'ada'])
    assert.deepEqual([event?.address, event?.userAgent], [ORIGIN.address, ORIGIN.userAgent])
    assert.deepEqual(
      lines.map(({ message, fields }) => [message, fields.userID, fields.address]),
      [['signin', userID, ORIGIN.address]],
    )
    const written = JSON.stringify([lines, await audited()])
    for (const secret of [PASSWORD, key, session.keyHash]) assert.ok(!written.includes(secret))
  })

  test('starts a session that records time, address and user agent', async () => {
    const { signIn, userID, clock, sessionStore } = await setUp()
    const { expiresAt } = await signIn('ada', PASSWORD)
    const [session] = (await sessionStore.ofUser(userID)) as [Session]
    const { createdAt, lastUsedAt, cookieSentAt, address, userAgent, remembered, orgID } = session
    assert.deepEqual([createdAt, lastUsedAt, cookieSentAt], [clock.at, clock.at, clock.at])
    assert.deepEqual([address, userAgent, remembered, orgID], [ORIGIN.address, 'test', false, undefined])
    assert.equal(session.expiresAt, expiresAt)
  })
})

suite('deployment cloud', () => {
  const wants = (action: Action, orgID: typeof NOBODY) => permission(action, 'buckets', { orgID })

  /** `ada` is a member of `first`, then of `second`, not of `third`. */
  async function setUpCloud() {
    const world = await setUp({ deployment: 'cloud' })
    const { caller } = world.operator
    const create = async (name: string) => (await world.organizations.create(caller, { name })).id
    const [third, second, first] = [await create('third'), await create('second'), await create('first')]
    for (const id of [first, second]) {
      await world.memberships.add(caller, { type: 'orgs', id }, 'member', world.userID)
    }
    const confinedTo = async (wanted = {}) => {
      const { key } = await world.signIn('ada', PASSWORD, wanted)
      return (await world.sessions.authenticate(key, false)).principal
    }
    return { ...world, first, second, third, confinedTo }
  }

  test('refuses a user without an organization like any other', async () => {
    const { signIn, outcomes, sessionStore } = await setUp({ deployment: 'cloud' })
    await refused(() => signIn('ada', PASSWORD), 'unauthorized', 'unauthorized access')
    assert.deepEqual([outcomes, sessionStore.count()], [['no-organization'], 0])
  })

  test('refuses an organization that does not exist or that the user does not belong to', async () => {
    const { signIn, third, sessionStore } = await setUpCloud()
    for (const wanted of [
      { orgID: third },
      { org: 'third' },
      { orgID: NOBODY },
      { org: 'no' },
      { orgID: 'x' },
    ]) {
      await refused(() => signIn('ada', PASSWORD, wanted), 'unauthorized', 'unauthorized access')
    }
    assert.equal(sessionStore.count(), 0)
  })

  test('confines the session to the named organization, otherwise to the first membership', async () => {
    const { first, second, confinedTo } = await setUpCloud()
    for (const wanted of [{ orgID: second }, { orgID: second.toUpperCase() }, { org: 'second' }]) {
      const principal = await confinedTo(wanted)
      assert.equal(principal.confinedTo, second)
      assert.ok(may(principal, wants('read', second)))
      assert.ok(!may(principal, wants('read', first)))
    }
    assert.equal((await confinedTo()).confinedTo, first)
  })
})

suite('a name at sign-in', () => {
  test('finds its user despite other composition of accents or invisible characters, but matches case', async () => {
    const { signIn, addUser, store, hasher } = await setUp()
    const userID = await addUser('\u00e9ve')
    const hash = await hasher.hash(Buffer.from(PASSWORD))
    await store.passwords.set(userID, { hash, mustChange: false })
    for (const name of ['\u00e9ve', 'e\u0301ve', ' e\u200d\u0301ve\ufeff']) await signIn(name, PASSWORD)
    await refused(() => signIn('\u00c9ve', PASSWORD), 'unauthorized')
    await refused(() => signIn('eve', PASSWORD), 'unauthorized')
  })

  test('shares its attempts with names that look the same, whether or not the user exists', async () => {
    const { signIn } = await setUp({ limits: { pairFree: 2 } })
    for (const name of ['ada', 'nobody']) {
      await refused(() => signIn(name, 'wrong horse'), 'unauthorized')
      await refused(() => signIn(` ${name}`, 'wrong horse'), 'unauthorized')
      await refused(() => signIn(`\u200b${name}`, 'wrong horse'), 'too many requests')
    }
  })
})
