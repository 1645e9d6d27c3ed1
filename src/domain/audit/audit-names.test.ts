import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, ORIGIN } from '../../../test/support/world.ts'
import type { AuditEvent, AuditPage } from '../records/audit-event.ts'
import { permission } from '../records/permission.ts'
import { nameSlots } from './audit-names.ts'

const PAGE: AuditPage = { limit: 100, offset: 0, descending: false }

/** `ada` owns the organization `hers`, whose bucket `points` `bob` reads as a member; a token of the operator acts. */
async function setUp() {
  const world = await createWorld()
  const operator = await world.addOperator('root')
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  const { id: hers } = await world.organizations.create(operator.caller, { name: 'hers' })
  const place = { type: 'orgs', id: hers } as const
  const { id: points } = await world.buckets.create(operator.caller, { orgID: hers, name: 'points' })
  const events = async (event?: string) => world.audited({ event })
  const last = async (event: string): Promise<AuditEvent> =>
    (await events(event)).at(-1) ?? assert.fail(`no ${event}`)
  const read = async (userID: typeof ada, filter = {}) =>
    (await world.audit.list((await world.asUser(userID)).principal, filter, PAGE)).events
  return { ...world, operator, ada, bob, hers, place, points, events, last, read }
}

suite('an event', () => {
  test('names who joined or left, the place and its organization, each as what it is', async () => {
    const { memberships, operator, ada, bob, hers, place, points, last } = await setUp()
    await memberships.add(operator.caller, place, 'owner', ada)
    const { actor, target } = await last('owner.add')
    assert.deepEqual([actor.userID, actor.userName], [operator.userID, 'root'])
    const organization = { id: hers, name: 'hers', orgID: hers, orgName: 'hers' }
    assert.deepEqual(target, { type: 'organization', ...organization, userID: ada, userName: 'ada' })
    await memberships.add(operator.caller, { type: 'buckets', id: points }, 'member', bob)
    await memberships.remove(operator.caller, { type: 'buckets', id: points }, bob)
    for (const event of ['member.add', 'member.remove']) {
      assert.deepEqual((await last(event)).target, {
        ...{ type: 'bucket', id: points, name: 'points', orgID: hers, orgName: 'hers' },
        ...{ userID: bob, userName: 'bob' },
      })
    }
  })

  test('names the user whose sessions were all ended, also where the user is deleted with it', async () => {
    const { sessions, users, startSession, operator, ada, bob, last } = await setUp()
    await startSession(ada)
    await sessions.endAllOf(operator.caller, ada, { keepOwn: false })
    const { type, id, name } = (await last('session.end')).target
    assert.deepEqual([type, id, name], ['user', ada, 'ada'])
    await startSession(bob)
    await users.remove(operator.caller, bob)
    assert.equal((await last('session.end')).target.name, 'bob')
  })

  test('names the token that acted by its description, and whose token it concerns', async () => {
    const { authorizations, buckets, asToken, addToken, operator, ada, hers, last } = await setUp()
    const permissions = [permission('write', 'buckets')]
    const { id, token } = await addToken(operator.caller, operator.userID, hers, permissions)
    await authorizations.update(operator.caller, id, { description: 'deploys' })
    await buckets.create(await asToken(token), { orgID: hers, name: 'b' })
    const { actor } = await last('bucket.create')
    assert.deepEqual(
      [actor.userName, actor.authorizationID, actor.authorizationDescription, actor.authorizationOrgID],
      ['root', id, 'deploys', hers],
    )
    await addToken(operator.caller, ada, hers, permissions)
    const { userName, orgName } = (await last('authorization.create')).target
    assert.deepEqual([userName, orgName], ['ada', 'hers'])
  })

  test('keeps its names, whatever is renamed or deleted later', async () => {
    const { memberships, users, organizations, buckets, ...world } = await setUp()
    const { operator, ada, hers, place, points, events, read } = world
    await memberships.add(operator.caller, place, 'owner', ada)
    await buckets.update(await world.asUser(ada), points, { description: 'x' })
    const before = await events()
    const renamer = await world.addOperator('other root')
    await users.update(renamer.caller, operator.userID, { name: 'root no more' })
    await users.update(renamer.caller, ada, { name: 'lovelace' })
    await organizations.update(renamer.caller, hers, { name: 'theirs' })
    await buckets.remove(renamer.caller, points)
    await users.remove(renamer.caller, ada)
    await organizations.remove(renamer.caller, hers)
    await users.remove(renamer.caller, operator.userID)
    const after = await read(renamer.userID)
    assert.deepEqual(after.slice(0, before.length), before)
    for (const event of before) {
      for (const { field, name } of nameSlots(event)) assert.ok(name !== undefined, `${event.event} ${field}`)
    }
  })

  test('of somebody who renames itself has the old name of the actor and the new one of the target', async () => {
    const { users, asUser, ada, last } = await setUp()
    await users.update(await asUser(ada), ada, { name: 'lovelace' })
    const { actor, target } = await last('user.update')
    assert.deepEqual([actor.userName, target.name], ['ada', 'lovelace'])
  })

  test('that is counted has names too: a refusal, a throttling, an expiry', async () => {
    const { trail, onExpired, startSession, enter, events, ada, hers } = await setUp()
    await refused(() => enter('ada', 'wrong'), 'unauthorized')
    trail.refuse(Object.assign(new Error(), { code: 'unauthorized' }) as never, {
      event: 'access',
      actor: { userID: ada },
      target: { type: 'route', name: 'PatchOrgsID', orgID: hers },
      origin: ORIGIN,
    })
    onExpired((await startSession(ada)).session)
    const names = (await events()).filter(({ outcome }) => outcome !== 'success')
    assert.deepEqual(
      names.map(({ event, actor, target }) => [event, actor.userName, target.name, target.orgName]),
      [
        ['signin', 'ada', 'ada', undefined],
        ['access', 'ada', 'PatchOrgsID', 'hers'],
        ['session.end', 'ada', undefined, undefined],
      ],
    )
    assert.equal(names[2]?.target.userName, 'ada')
  })

  test('never has what was typed for a user that does not exist', async () => {
    const { enter, audited, lines } = await setUp()
    await refused(() => enter('my secret password', 'x'), 'unauthorized')
    assert.ok(!JSON.stringify([await audited(), lines]).includes('secret'))
  })

  test('has no more of a name than is stored of one', async () => {
    const { users, operator, last, addUser } = await setUp()
    // As a store may have it from before names were bounded.
    await users.remove(operator.caller, await addUser('n'.repeat(100_000)))
    assert.equal((await last('user.delete')).target.name, 'n'.repeat(1024))
  })
})

/** As an event was written before names were. */
function withoutNames({ actor, target, ...event }: AuditEvent): AuditEvent {
  const { userName: _, authorizationDescription, authorizationOrgID, ...who } = actor
  const { userName, orgName, name, ...what } = target
  return { ...event, actor: who, target: what }
}

suite('an event that was written without names', () => {
  async function old() {
    const world = await setUp()
    const { memberships, operator, ada, bob, place, hers, store, addToken } = world
    await memberships.add(operator.caller, place, 'owner', ada)
    const { id: token } = await addToken(operator.caller, operator.userID, operator.orgID, [
      permission('write', 'orgs', { id: hers }),
    ])
    const event = withoutNames(await world.last('owner.add'))
    const add = async (more: Partial<AuditEvent> = {}) => {
      const id = world.ids.next()
      await store.audit.append([{ ...event, ...more, id }])
      return id
    }
    const found = async (userID: typeof ada, id: string) =>
      (await world.read(userID)).find((each) => each.id === id) ?? assert.fail()
    return { ...world, event, add, found, token, bob }
  }

  test('has those of now where they are there, and says which', async () => {
    const { add, found, operator, users, ada } = await old()
    const id = await add()
    await users.update(operator.caller, ada, { name: 'lovelace' })
    const { actor, target, currentNames } = await found(operator.userID, id)
    assert.deepEqual([actor.userName, target.name, target.userName], ['root', 'hers', 'lovelace'])
    const fields = ['target.name', 'target.userName', 'target.orgName', 'actor.userName']
    assert.deepEqual(currentNames, fields)
    await users.remove(operator.caller, ada)
    const later = await found(operator.userID, id)
    assert.deepEqual([later.target.userID, later.target.userName], [ada, undefined])
    assert.deepEqual(later.currentNames?.includes('target.userName'), false)
  })

  test('says nothing of current names where it has its own', async () => {
    const { read, operator } = await setUp()
    for (const event of await read(operator.userID)) assert.equal(event.currentNames, undefined)
  })

  test('gives an owner no name of now that it may not read: of strangers, and of tokens elsewhere', async () => {
    const { add, found, addOperator, operator, ada, token, event } = await old()
    const { userID: stranger } = await addOperator('stranger')
    const id = await add({
      actor: { userID: stranger, authorizationID: token },
      target: { ...event.target, userID: NOBODY },
    })
    const { actor, target, currentNames } = await found(ada, id)
    assert.deepEqual([actor.userName, actor.authorizationDescription], [undefined, undefined])
    assert.deepEqual([target.name, target.orgName], ['hers', 'hers'])
    assert.deepEqual(currentNames, ['target.name', 'target.orgName'])
    assert.equal((await found(operator.userID, id)).actor.userName, 'stranger')
    assert.equal((await found(ada, await add())).target.userName, 'ada')
  })
})

suite('an owner', () => {
  test('reads who acted, but not what a token of another organization is called, nor finds it by that', async () => {
    const { operator, ada, hers, place, ...world } = await setUp()
    await world.memberships.add(operator.caller, place, 'owner', ada)
    const permissions = [permission('write', 'buckets')]
    for (const [orgID, description] of [
      [operator.orgID, 'secret plan'],
      [hers, 'open plan'],
    ] as const) {
      const input = { orgID, userID: operator.userID, permissions, description }
      const { token } = await world.authorizations.create(operator.caller, input)
      await world.buckets.create(await world.asToken(token), { orgID: hers, name: description.slice(0, 4) })
    }
    const seen = async (userID: typeof ada, filter = {}) =>
      (await world.read(userID, { event: 'bucket.create', ...filter })).map(({ actor, target }) => [
        actor.userName,
        actor.authorizationDescription,
        target.name,
      ])
    assert.deepEqual(await seen(ada), [
      ['root', undefined, 'points'],
      ['root', undefined, 'secr'],
      ['root', 'open plan', 'open'],
    ])
    assert.deepEqual(await seen(ada, { search: 'SECRET' }), [])
    assert.equal((await seen(ada, { search: 'open plan' })).length, 1)
    assert.equal((await seen(ada, { search: 'root' })).length, 3)
    assert.deepEqual(await seen(operator.userID, { search: 'secret plan' }), [
      ['root', 'secret plan', 'secr'],
    ])
  })
})
