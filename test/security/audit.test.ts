/** What the audit log records and who may read it (ASVS 5.0 16.2, 16.3). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic } from '../support/http.ts'
import { type Attacked, atOnce, cookie, from, inTurn, MINUTE, startAttacked, WRONG } from './attack.ts'

type Headers = Record<string, string>

interface Event {
  readonly id: string
  readonly time: string
  readonly event: string
  readonly outcome: string
  readonly actor: Readonly<Record<string, string>>
  readonly target: Readonly<Record<string, string>>
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
  readonly count: number
}

let server: Attacked
before(async () => {
  server = await startAttacked()
})
after(() => server.stop())

async function events(query = '', who?: Headers): Promise<Event[]> {
  const { status, json, text } = await server.ask('GET', `/api/v2/audit${query}`, undefined, who)
  assert.equal(status, 200, text)
  return json.events
}

/** The newest event of that kind. */
async function newest(event: string, outcome = 'success'): Promise<Event> {
  const [found] = await events(`?event=${event}&outcome=${outcome}&limit=1`)
  assert.ok(found, `${event} ${outcome}`)
  return found
}

const AGENT = { 'user-agent': 'attacker/1' }

test('every kind of change is recorded, with actor, target and address', async () => {
  const { orgID, userID } = server
  const session = { ...cookie(await server.enter({ headers: AGENT })), ...AGENT }
  const ask = async (method: string, path: string, json?: object, headers: Headers = session) => {
    const received = await server.ask(method, `/api/v2/${path}`, json, headers)
    assert.ok(received.status < 300, `${method} ${path}: ${received.text}`)
    return received.json
  }
  async function written(event: string, type: string, id?: string): Promise<void> {
    const found = await newest(event)
    assert.deepEqual([found.target.type, found.outcome, found.count], [type, 'success', 1], event)
    if (id) assert.equal(found.target.id, id, event)
    assert.equal(found.actor.userID, userID, event)
    assert.match(found.actor.sessionID ?? '', /^[0-9a-f]{16}$/, event)
    assert.deepEqual([found.address, found.userAgent], ['127.0.0.1', 'attacker/1'], event)
    assert.match(found.requestId, /./)
    assert.equal(found.time, new Date(server.now()).toISOString())
  }

  await written('signin', 'session')
  const bob = (await ask('POST', 'users', { name: 'bob' })).id
  await written('user.create', 'user', bob)
  await ask('PATCH', `users/${bob}`, { name: 'bobby' })
  await written('user.update', 'user', bob)
  await ask('POST', `users/${bob}/password`, { password: 'another horse 2' })
  await written('password.reset', 'user', bob)
  cookie(await server.enter({ name: 'bobby', password: 'another horse 2' }))
  await ask('DELETE', `users/${bob}/sessions`)
  await written('session.end', 'user', bob)
  const org = (await ask('POST', 'orgs', { name: 'second' })).id
  await written('organization.create', 'organization', org)
  await ask('PATCH', `orgs/${org}`, { description: 'x' })
  await written('organization.update', 'organization', org)
  const bucket = (await ask('POST', 'buckets', { name: 'b', orgID: org })).id
  await written('bucket.create', 'bucket', bucket)
  await ask('PATCH', `buckets/${bucket}`, { description: 'x' })
  await written('bucket.update', 'bucket', bucket)
  await ask('POST', `orgs/${org}/members`, { id: bob })
  assert.match((await events('?limit=1'))[0]?.event ?? '', /^(membership|member)\./)
  await ask('DELETE', `orgs/${org}/members/${bob}`)
  assert.match((await events('?limit=1'))[0]?.event ?? '', /^(membership|member)\./)
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const token = (await ask('POST', 'authorizations', { orgID, permissions })).id
  await written('authorization.create', 'authorization', token)
  await ask('PATCH', `authorizations/${token}`, { status: 'inactive' })
  await written('authorization.update', 'authorization', token)
  await ask('PATCH', `authorizations/${token}`, { status: 'active' })
  await ask('POST', `authorizations/${token}/rotate`)
  await written('authorization.rotate', 'authorization', token)
  await ask('DELETE', `authorizations/${token}`)
  await written('authorization.delete', 'authorization', token)
  await ask('DELETE', `buckets/${bucket}`)
  await written('bucket.delete', 'bucket', bucket)
  await ask('DELETE', `orgs/${org}`)
  await written('organization.delete', 'organization', org)
  await ask('DELETE', `users/${bob}`)
  await written('user.delete', 'user', bob)
  const own = { ...session, authorization: basic('ada', 'correct horse 1') }
  await ask('PUT', 'me/password', { password: 'correct horse 1' }, own)
  await written('password.change', 'user', userID)
  await ask('POST', 'signout')
  await written('signout', 'session')
})

test('events keep the names of that time for actor, target and organization, after all are renamed or deleted', async () => {
  const who = cookie(await server.enter())
  const ask = async (method: string, path: string, json?: object) =>
    (await server.ask(method, `/api/v2/${path}`, json, who)).json
  const user = await server.addUser('first name')
  const org = (await ask('POST', 'orgs', { name: 'first org' })).id
  await ask('POST', `orgs/${org}/owners`, { id: user })
  const owner = cookie(await server.enter({ name: 'first name' }))
  await server.ask('POST', '/api/v2/buckets', { name: 'first bucket', orgID: org }, owner)
  await ask('PATCH', `orgs/${org}`, { name: 'second org' })
  await ask('PATCH', `users/${user}`, { name: 'second name' })
  await ask('DELETE', `users/${user}`)
  await ask('DELETE', `orgs/${org}`)
  const [made] = await events(`?event=bucket.create&userID=${user}`)
  const [joined] = await events(`?event=owner.add&userID=${user}`)
  const organization = { orgID: org, orgName: 'first org' }
  assert.deepEqual([made?.actor.userID, made?.actor.userName], [user, 'first name'])
  assert.deepEqual(made?.target, {
    ...{ type: 'bucket', id: made?.target.id, name: 'first bucket' },
    ...organization,
  })
  assert.equal(joined?.actor.userName, 'ada')
  assert.deepEqual(joined?.target, {
    ...{ type: 'organization', id: org, name: 'first org', ...organization },
    ...{ userID: user, userName: 'first name' },
  })
  for (const text of ['first org', 'FIRST NAME', 'first bucket']) {
    const found = await events(`?search=${encodeURIComponent(text)}`)
    assert.ok(
      found.some(({ id }) => id === made?.id),
      text,
    )
  }
})

test('a refused route is recorded with its operation and in words', async () => {
  const id = await server.addUser('curious')
  const who = cookie(await server.enter({ name: 'curious' }))
  await server.ask('GET', '/api/v2/audit', undefined, who)
  await server.ask('DELETE', `/api/v2/orgs/${server.orgID}`, undefined, who)
  const found = await events(`?event=access&userID=${id}`)
  assert.deepEqual(
    found.map(({ actor, target }) => [actor.userName, target.name, target.summary, target.orgName]),
    [
      ['curious', 'DeleteOrgsID', 'Delete an organization', 'analytics'],
      ['curious', 'GetAudit', 'Read the audit log', undefined],
    ],
  )
})

test('a wrong old password is recorded for the user concerned, and not as a refused route', async () => {
  server.pass(MINUTE)
  const kim = await server.addUser('kim')
  const session = cookie(await server.enter({ name: 'kim' }))
  const ada = cookie(await server.enter())
  const since = `?start=${new Date(server.now()).toISOString()}&userID=${kim}`
  const guess = (path: string, who: Headers) =>
    server.ask('PUT', path, { password: 'another horse 2' }, { ...who, authorization: basic('kim', WRONG) })
  await inTurn(3, () => guess('/api/v2/me/password', session))
  await inTurn(4, () => guess(`/api/v2/users/${kim}/password`, ada))
  await inTurn(2, () => guess('/api/v2/me/password', {}))
  const found = (await events(`${since}&event=password.change`)).map(({ outcome, target, actor, count }) => {
    assert.deepEqual(target, { type: 'user', id: kim, name: 'kim' })
    return `${outcome} ${count} by ${actor.userID === kim ? 'kim' : 'ada'}`
  })
  assert.deepEqual(found.toSorted(), [
    'refused 2 by ada',
    'refused 3 by kim',
    'throttled 2 by ada',
    'throttled 2 by kim',
  ])
  assert.deepEqual(await events(`${since}&event=access`), [])
})

test('refusals and throttling are counted in one row per minute', async () => {
  server.pass(MINUTE)
  await server.addUser('mia')
  const mia = cookie(await server.enter({ name: 'mia' }))
  await atOnce(20, () => server.signIn('mia', WRONG))
  await atOnce(20, () => server.signIn(WRONG, WRONG))
  await atOnce(7, () => server.ask('GET', `/api/v2/users/${server.userID}`, undefined, mia))
  await atOnce(3, () => server.ask('GET', '/api/v2/me', undefined, { authorization: 'Token wrong' }))
  const since = `?start=${new Date(server.now()).toISOString()}`
  const count = async (event: string, outcome: string) =>
    (await events(`${since}&event=${event}&outcome=${outcome}`)).map((each) => each.count)
  assert.deepEqual(await count('signin', 'refused'), [5, 5])
  assert.deepEqual(await count('signin', 'throttled'), [15, 15])
  assert.deepEqual(await count('access', 'refused'), [3, 7])
  await server.ask('GET', `/api/v2/users/${server.userID}`, undefined, mia)
  assert.deepEqual(await count('access', 'refused'), [3, 8], 'the row keeps counting')
  server.pass(MINUTE)
  await server.ask('GET', `/api/v2/users/${server.userID}`, undefined, mia)
  assert.deepEqual(await count('access', 'refused'), [1, 3, 8])
})

describe('unauthenticated clients', () => {
  let attacked: Attacked
  before(async () => {
    attacked = await startAttacked('--trusted-proxies', 'loopback')
  })
  after(() => attacked.stop())
  const LONG = { 'user-agent': 'x'.repeat(8000) }

  async function refused(): Promise<Event[]> {
    await attacked.ask('GET', '/api/v2/audit')
    const all = await attacked.store.audit.list(
      { event: 'signin', outcome: 'refused' },
      { limit: 10_000, offset: 0, descending: false },
    )
    return all as never
  }

  test('cannot fill the log, neither from one network nor from many addresses', async () => {
    await inTurn(50, (index) =>
      attacked.enter({
        name: `nobody ${index}`,
        headers: { ...from(`2001:db8:1:2::${index + 1}`), ...LONG },
      }),
    )
    const [row, ...others] = await refused()
    assert.deepEqual([row?.address, row?.count, others.length], ['2001:db8:1:2::/64', 50, 0])
    await inTurn(300, (index) =>
      attacked.enter({ name: `nobody ${index}`, headers: { ...from(`2001:db8:2:${index}::1`), ...LONG } }),
    )
    const rows = await refused()
    assert.ok(rows.length <= 201, String(rows.length))
    assert.equal(
      rows.reduce((sum, { count }) => sum + count, 0),
      350,
    )
    for (const { userAgent } of rows) assert.ok(userAgent.length <= 256, String(userAgent.length))
  })

  test('cannot store a long user agent, in a session neither', async () => {
    const session = cookie(await attacked.enter({ headers: LONG }))
    const { json } = await attacked.ask('GET', '/api/v2/me/sessions', undefined, session)
    assert.equal(json.sessions[0].userAgent, 'x'.repeat(256))
  })
})

test('owners read the refusals in their organization: who was refused what', async () => {
  const owner = await server.addUser('keeper')
  const org = (await server.ask('POST', '/api/v2/orgs', { name: 'kept' })).json.id
  await server.ask('POST', `/api/v2/orgs/${org}/owners`, { id: owner })
  const bucket = (await server.ask('POST', '/api/v2/buckets', { name: 'theirs', orgID: org })).json.id
  const intruder = await server.addUser('intruder')
  const who = cookie(await server.enter({ name: 'intruder' }))
  const reached = [
    ['PATCH', `orgs/${org}`, { name: 'x' }],
    ['PATCH', `buckets/${bucket}`, { name: 'x' }],
    ['POST', 'buckets', { name: 'x', orgID: org }],
    ['POST', `orgs/${org}/owners`, { id: intruder }],
  ] as const
  for (const [method, path, body] of reached) {
    const { status } = await server.ask(method, `/api/v2/${path}`, body, who)
    assert.equal(status, 401, path)
  }
  const keeper = cookie(await server.enter({ name: 'keeper' }))
  const seen = await events('?event=access&outcome=refused', keeper)
  assert.deepEqual(seen.map(({ target }) => target.name).toSorted(), [
    'PatchBucketsID',
    'PatchOrgsID',
    'PostBuckets',
    'PostOrgsIDOwners',
  ])
  for (const { actor, target } of seen) assert.deepEqual([actor.userID, target.orgID], [intruder, org])
})

test('forged sign-ins, setups and changes are recorded as refusals of the route', async () => {
  server.pass(MINUTE)
  const foreign = { origin: 'https://evil.example' }
  const who = { ...cookie(await server.enter()), ...foreign }
  for (const [path, headers] of [
    ['signin', { ...who, authorization: basic('ada', 'correct horse 1') }],
    ['setup', foreign],
    ['users', who],
  ] as [string, Headers][]) {
    assert.equal((await server.ask('POST', `/api/v2/${path}`, {}, headers)).status, 403, path)
  }
  const since = `?event=access&outcome=refused&start=${new Date(server.now()).toISOString()}`
  const routes = (await events(since)).map(({ target }) => target.name)
  assert.deepEqual(routes.toSorted(), ['PostSetup', 'PostSignin', 'PostUsers'])
})

describe('the audit log is readable', () => {
  test('only for operators and owners', async () => {
    const member = await server.addUser('member')
    await server.ask('POST', `/api/v2/orgs/${server.orgID}/members`, { id: member })
    const who = cookie(await server.enter({ name: 'member' }))
    const permissions = [{ action: 'read', resource: { type: 'orgs', id: server.orgID } }]
    const body = { orgID: server.orgID, permissions }
    const { token } = (await server.ask('POST', '/api/v2/authorizations', body)).json
    for (const headers of [who, { authorization: `Token ${token}` }, {}] as Headers[]) {
      for (const query of ['', '?limit=1', `?userID=${member}`, '?event=nothing']) {
        const { status } = await server.ask('GET', `/api/v2/audit${query}`, undefined, headers)
        assert.equal(status, 401, query)
      }
    }
  })

  test('for an owner within their own organizations', async () => {
    const owner = await server.addUser('owner')
    const org = (await server.ask('POST', '/api/v2/orgs', { name: 'owned' })).json.id
    await server.ask('POST', `/api/v2/orgs/${org}/owners`, { id: owner })
    await server.ask('POST', '/api/v2/buckets', { name: 'theirs', orgID: org })
    await server.ask('POST', '/api/v2/buckets', { name: 'foreign', orgID: server.orgID })
    const who = cookie(await server.enter({ name: 'owner' }))
    for (const query of ['', `?userID=${server.userID}`, '?event=bucket.create', '?limit=100&offset=0']) {
      const seen = await events(query, who)
      for (const { target } of seen) assert.equal(target.orgID, org, query)
      assert.ok(!JSON.stringify(seen).includes('foreign'))
    }
    assert.equal((await events('?event=bucket.create', who))[0]?.target.name, 'theirs')
    const forged = await events(`?orgIDs=${server.orgID}&orgID=${server.orgID}`, who)
    for (const { target } of forged) assert.equal(target.orgID, org)
    await server.ask('DELETE', `/api/v2/orgs/${org}/owners/${owner}`)
    assert.equal((await server.ask('GET', '/api/v2/audit', undefined, who)).status, 401)
  })

  test('in pages, each event once, in either direction', async () => {
    for (const descending of [true, false]) {
      const ids: string[] = []
      let path: string | undefined = `/api/v2/audit?limit=7&descending=${descending}`
      for (let pages = 0; path && pages < 40; pages++) {
        const { json } = await server.ask('GET', path)
        ids.push(...json.events.map(({ id }: Event) => id))
        path = json.links.next
      }
      assert.ok(ids.length > 20)
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(descending ? ids.toReversed() : ids, ids.toSorted())
    }
  })

  test('by filters, and malformed ones are refused', async () => {
    assert.deepEqual(await events('?event=legacy-authorization.delete'), [])
    assert.deepEqual(await events(`?start=${new Date(server.now() + 1).toISOString()}`), [])
    const stop = new Date(server.now()).toISOString()
    for (const { time } of await events(`?limit=100&stop=${stop}`)) assert.ok(time < stop)
    for (const query of [
      'start=x',
      'stop=%00',
      'userID=1',
      'limit=0',
      'limit=101',
      "start=1'or'1",
      'event=nothing',
      'outcome=bogus',
    ]) {
      assert.equal((await server.ask('GET', `/api/v2/audit?${query}`)).status, 400, query)
    }
    const huge = await server.ask('GET', '/api/v2/audit?offset=99999999999999999999999')
    assert.deepEqual([huge.status, huge.json.events], [200, []])
    assert.deepEqual(await events(`?search=${encodeURIComponent("' or 1=1 --")}`), [])
  })
})
