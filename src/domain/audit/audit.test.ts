import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { SluiceError } from '../base/errors.ts'
import type { AuditPage } from '../records/audit-event.ts'
import { permission } from '../records/permission.ts'
import { type AuditQuery, createAudit } from './audit.ts'
import { createCurrentNames } from './current-names.ts'

const PAGE: AuditPage = { limit: 100, offset: 0, descending: false }

/** `ada` owns the organization `hers`; `bob` is a member there. */
async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator()
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  const { id: hers } = await world.organizations.create(operator.caller, { name: 'hers' })
  const place = { type: 'orgs', id: hers } as const
  await world.memberships.add(operator.caller, place, 'owner', ada)
  await world.memberships.add(operator.caller, place, 'member', bob)
  await world.buckets.create(operator.caller, { orgID: hers, name: 'in hers' })
  await world.buckets.create(operator.caller, { orgID: operator.orgID, name: 'elsewhere' })
  const list = async (userID: typeof ada, filter: AuditQuery = {}, page = PAGE) =>
    (await world.audit.list((await world.asUser(userID)).principal, filter, page)).events
  return { ...world, operator, ada, bob, hers, list }
}

suite('the audit log', () => {
  test('is not for whoever owns nothing, not even an empty one', async () => {
    const { list, bob, addUser } = await setUp()
    for (const userID of [bob, await addUser('carol')]) {
      await refused(() => list(userID), 'unauthorized', 'read:instance is unauthorized')
      await refused(() => list(userID, { userID }), 'unauthorized')
    }
  })

  test('a token of an owner needs to read and to write the organization', async () => {
    const { audit, operator, ada, hers, addToken, asToken } = await setUp()
    const reading = [permission('read', 'orgs', { id: hers })]
    const { token } = await addToken(operator.caller, ada, hers, reading)
    const { principal } = await asToken(token)
    await refused(() => audit.list(principal, {}, PAGE), 'unauthorized')
    const writing = [permission('write', 'orgs', { id: hers })]
    const writer = await asToken((await addToken(operator.caller, ada, hers, writing)).token)
    await refused(() => audit.list(writer.principal, {}, PAGE), 'unauthorized')
    const both = await asToken((await addToken(operator.caller, ada, hers, [...reading, ...writing])).token)
    assert.ok((await audit.list(both.principal, {}, PAGE)).events.length > 0)
  })

  test('is all there is for an operator, and what lies in their organizations for owners', async () => {
    const { list, operator, ada, hers } = await setUp()
    const targets = async (userID: typeof ada) =>
      (await list(userID, { event: 'bucket.create' })).map(({ target }) => target.name)
    assert.deepEqual(await targets(operator.userID), ['in hers', 'elsewhere'])
    assert.deepEqual(await targets(ada), ['in hers'])
    for (const { target } of await list(ada)) assert.equal(target.orgID, hers)
  })

  test('a filter by an event or outcome that there is not is refused, so that a slip finds out', async () => {
    const { list, operator, ada } = await setUp()
    for (const userID of [operator.userID, ada]) {
      await refused(
        () => list(userID, { outcome: 'bogus' }),
        'invalid',
        'outcome must be one of success, refused, throttled, expired, failed',
      )
      for (const event of ['sign-in', '', 'toString']) {
        await refused(() => list(userID, { event }), 'invalid')
      }
    }
  })

  test('ends for an owner with the ownership', async () => {
    const { list, memberships, operator, ada, hers } = await setUp()
    assert.ok((await list(ada)).length > 0)
    await memberships.remove(operator.caller, { type: 'orgs', id: hers }, ada)
    await refused(() => list(ada), 'unauthorized')
  })

  test('is narrowed by user, outcome and time; a time that is none is refused', async () => {
    const { list, enter, operator, clock, bob } = await setUp()
    const { userID: admin } = operator
    clock.forward(60_000)
    const since = new Date(clock.at).toISOString()
    await refused(() => enter('bob', 'wrong'), 'unauthorized')
    const names = async (filter: AuditQuery) =>
      (await list(admin, filter)).map(({ event, outcome }) => `${event} ${outcome}`)
    assert.deepEqual(await names({ start: since }), ['signin refused'])
    assert.deepEqual(await names({ outcome: 'refused' }), ['signin refused'])
    assert.deepEqual(await names({ userID: bob, event: 'signin' }), ['signin refused'])
    assert.ok(!(await names({ stop: since })).includes('signin refused'))
    // Any way to write the time.
    assert.deepEqual(await names({ start: since.replace('Z', '+00:00') }), ['signin refused'])
    for (const wrong of ['yesterday', '', '2030', '2030-02-30T00:00:00Z', '9999-12-31T23:59:59-00:01']) {
      await refused(() => list(admin, { start: wrong }), 'invalid', /^start must be a time/)
      await refused(() => list(admin, { stop: wrong }), 'invalid', /^stop must be a time/)
    }
  })

  test('is searched by names, addresses, browsers and ids, in any case and script', async () => {
    const { list, enter, operator, users, ada, hers } = await setUp()
    const { id } = await users.create(operator.caller, { name: 'Zoë 100%' })
    await refused(() => enter('Zoë 100%', 'wrong'), 'unauthorized')
    await refused(() => enter('ada', 'wrong'), 'unauthorized')
    const events = async (search: string, more: AuditQuery = {}) =>
      (await list(operator.userID, { ...more, search })).map(({ event }) => event)
    assert.deepEqual(await events('zoë'), ['user.create', 'signin'])
    assert.deepEqual(await events(' ZOE\u0308 '), ['user.create', 'signin'])
    assert.deepEqual(await events('%'), ['user.create', 'signin'])
    assert.deepEqual(await events('in HERS'), ['bucket.create'])
    assert.ok((await events(hers)).includes('bucket.create'))
    assert.ok((await events(id.slice(4))).includes('user.create'))
    assert.deepEqual(await events(ORIGIN.address, { event: 'signin' }), ['signin', 'signin'])
    assert.deepEqual(await events('nothing is called this'), [])
    assert.equal((await events(' ')).length, (await list(operator.userID)).length)
    // By the name that the user has now, and by that only for those who may read it.
    await users.update(operator.caller, ada, { name: 'lovelace' })
    assert.deepEqual(await events('lovelace', { event: 'signin' }), ['signin'])
    assert.deepEqual(await list(ada, { search: 'lovelace' }), [])
  })

  test('is searched page by page, and goes on where one search has looked at enough', async () => {
    const { store, batches, operator, users } = await setUp()
    for (const name of ['same 1', 'other', 'same 2', 'another', 'same 3'])
      await users.create(operator.caller, { name })
    const audit = createAudit({
      ...{ ...store, batches, mostSearched: 2 },
      withCurrentNames: createCurrentNames(store),
    })
    const names: (string | undefined)[] = []
    let answers = 0
    for (let next: AuditPage['after'], first = true; first || next !== undefined; first = false) {
      const page = { ...PAGE, limit: 1, after: next }
      const found = await audit.list(
        operator.caller.principal,
        { event: 'user.create', search: 'SAME' },
        page,
      )
      assert.ok(found.events.length <= 1)
      names.push(...found.events.map(({ target }) => target.name))
      next = found.next
      answers += 1
    }
    assert.deepEqual(names.slice(-3), ['same 1', 'same 2', 'same 3'])
    assert.equal(new Set(names).size, names.length)
    assert.ok(answers > names.length)
  })

  test('skips as many of what a search finds as it is told to', async () => {
    const { list, operator, users } = await setUp()
    for (const name of ['same 1', 'x', 'same 2', 'same 3']) await users.create(operator.caller, { name })
    const query = { event: 'user.create', search: 'same' }
    const all = await list(operator.userID, query)
    assert.deepEqual(await list(operator.userID, query, { ...PAGE, offset: 1, limit: 2 }), all.slice(1, 3))
  })

  test('has what was only counted so far', async () => {
    const { list, operator, trail } = await setUp()
    for (let index = 0; index < 3; index++) {
      const error = new SluiceError('too many requests', 'wait')
      trail.refuse(error, { event: 'access', actor: {}, target: { type: 'route' }, origin: ORIGIN })
    }
    const [event] = await list(operator.userID, { event: 'access' })
    assert.deepEqual([event?.count, event?.address], [3, ORIGIN.address])
  })

  test('of refusals that follow one another in a minute the log has the first', async () => {
    const { lines, enter, clock } = await setUp()
    lines.length = 0
    for (let index = 0; index < 3; index++) await refused(() => enter('nobody', 'x'), 'unauthorized')
    clock.forward(60_000)
    await refused(() => enter('nobody', 'x'), 'unauthorized')
    assert.deepEqual(
      lines.map(({ level, message }) => `${level} ${message}`),
      ['warn signin refused', 'warn signin refused'],
    )
  })
})
