/** Requests concurrent with the end of what they use: nothing that ended comes back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { basic, cookieOf, type Received } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type Attacked, atOnce, cookie, MINUTE, meStatus, startSlowlyAttacked } from './attack.ts'

const ROUNDS = 12

let server: Attacked
before(async () => {
  server = await startSlowlyAttacked()
})
after(() => server.stop())

const path = (userID: string) => `/api/v2/users/${userID}`
const fine = (received: Received) => assert.ok(received.status < 500, received.text)

test('a token revoked while it is used', async () => {
  const { orgID } = server
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  for (let round = 0; round < ROUNDS; round++) {
    const { json } = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
    const who = { authorization: `Token ${json.token}` }
    const use = () => server.ask('GET', '/api/v2/buckets', undefined, who)
    await use()
    const revoke = () =>
      round % 2 === 0
        ? server.ask('DELETE', `/api/v2/authorizations/${json.id}`)
        : server.ask('PATCH', `/api/v2/authorizations/${json.id}`, { status: 'inactive' })
    const during = await atOnce(9, (index) => (index === 4 ? revoke() : use()))
    during.forEach(fine)
    assert.equal((await use()).status, 401)
  }
})

test('a session that ends while it is renewed', async () => {
  const userID = await server.addUser('renewer')
  const ends: ((who: { cookie: string }) => Promise<Received>)[] = [
    (who) => server.ask('POST', '/api/v2/signout', undefined, who),
    () => server.ask('DELETE', `${path(userID)}/sessions`),
    () => server.ask('POST', `${path(userID)}/password`, { password: PASSWORD }),
  ]
  for (let round = 0; round < 9; round++) {
    const query = round % 2 === 0 ? '' : '?remember=true'
    const who = cookie(await server.enter({ name: 'renewer', query }))
    server.pass(2 * MINUTE)
    const end = ends[round % 3]
    assert.ok(end)
    const during = await atOnce(9, (index) =>
      index === 4 ? end(who) : server.ask('GET', '/api/v2/me', undefined, who),
    )
    during.forEach(fine)
    assert.equal(await meStatus(server, who), 401)
    const { json } = await server.ask('GET', `${path(userID)}/sessions`)
    assert.deepEqual(json.sessions, [])
  }
})

test('a user deactivated or deleted while signing in', async () => {
  for (let round = 0; round < 8; round++) {
    const name = `leaver ${round}`
    const userID = await server.addUser(name)
    const query = round % 2 === 0 ? '' : '?remember=true'
    const leave = () =>
      round % 4 < 2
        ? server.ask('PATCH', path(userID), { status: 'inactive' })
        : server.ask('DELETE', path(userID))
    const entering = atOnce(4, () => server.enter({ name, query }))
    // At a random moment between the verification of the password and the response.
    await atOnce(round, () => server.ask('GET', '/api/v2/me'))
    assert.ok((await leave()).status < 300)
    const during = await entering
    during.forEach(fine)
    await server.ask('PATCH', path(userID), { status: 'active' })
    for (const received of during.filter(({ status }) => status === 204)) {
      assert.equal(await meStatus(server, { cookie: cookieOf(received) }), 401)
    }
    assert.deepEqual((await server.ask('GET', `${path(userID)}/sessions`)).json.sessions ?? [], [])
  }
})

test('a password reset while the old one is used for sign-in or for a change', async () => {
  const userID = await server.addUser('changer')
  let password = PASSWORD
  for (let round = 0; round < 6; round++) {
    const old = password
    password = `reset horse ${round}`
    const mine = cookie(await server.enter({ name: 'changer', password: old }))
    const change = server.ask(
      'PUT',
      '/api/v2/me/password',
      { password: 'a thief chose it' },
      { ...mine, authorization: basic('changer', old) },
    )
    const entering = server.enter({ name: 'changer', password: old })
    await atOnce(round, () => server.ask('GET', '/api/v2/me'))
    const reset = await server.ask('POST', `${path(userID)}/password`, { password })
    assert.equal(reset.status, 204)
    const [changed, entered] = await Promise.all([change, entering])
    fine(changed)
    if (entered.status === 204) assert.equal(await meStatus(server, { cookie: cookieOf(entered) }), 401)
    assert.equal(await meStatus(server, mine), 401)
    assert.equal((await server.enter({ name: 'changer', password: 'a thief chose it' })).status, 401)
    assert.equal((await server.enter({ name: 'changer', password })).status, 204)
  }
})

test('resources deleted while they are listed', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const org = (await server.ask('POST', '/api/v2/orgs', { name: `org ${round}` })).json.id
    await atOnce(5, (index) => server.ask('POST', '/api/v2/buckets', { name: `b ${index}`, orgID: org }))
    const lists = ['orgs', `buckets?orgID=${org}`, 'buckets', 'authorizations', 'audit', `orgs/${org}/owners`]
    const during = await atOnce(12, (index) =>
      index === 5
        ? server.ask('DELETE', `/api/v2/orgs/${org}`)
        : server.ask('GET', `/api/v2/${lists[index % lists.length]}`),
    )
    during.forEach(fine)
    const { json } = await server.ask('GET', '/api/v2/buckets?limit=100')
    assert.ok(json.buckets.every(({ orgID }: { orgID: string }) => orgID !== org))
  }
})

test('a token rotated concurrently has one secret', async () => {
  const { orgID } = server
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const { json } = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
  const rotated = await atOnce(8, () => server.ask('POST', `/api/v2/authorizations/${json.id}/rotate`))
  const statuses = await Promise.all(
    [json.token, ...rotated.map((each) => each.json.token)].map(async (token) => {
      const who = { authorization: `Token ${token}` }
      return (await server.ask('GET', '/api/v2/buckets', undefined, who)).status
    }),
  )
  assert.deepEqual(statuses.toSorted(), [200, ...Array(8).fill(401)])
})

test('resources renamed while they are listed appear exactly once', async () => {
  const { orgID } = server
  const made = { users: new Set<string>(), orgs: new Set<string>(), buckets: new Set<string>() }
  const kinds = ['users', 'orgs', 'buckets'] as const
  for (const kind of kinds) {
    // Names sort against ids, so that an order by name would be noticed.
    for (let index = 0; index < 25; index++) {
      const name = `${String.fromCharCode(122 - index)} of many`
      const { json } = await server.ask('POST', `/api/v2/${kind}`, { name, orgID })
      made[kind].add(json.id)
    }
  }

  /** The ids of a whole list, page by page, either by offset or after the last id. */
  async function walk(kind: (typeof kinds)[number], descending: boolean, by: 'offset' | 'after') {
    const found: string[] = []
    for (;;) {
      const last = found.at(-1)
      const from = by === 'offset' ? `&offset=${found.length}` : last ? `&after=${last}` : ''
      const path = `/api/v2/${kind}?limit=7&descending=${descending}${from}`
      const received = await server.ask('GET', path)
      assert.equal(received.status, 200, received.text)
      const page: { id: string }[] = received.json[kind]
      found.push(...page.map(({ id }) => id))
      if (page.length < 7) return found
    }
  }

  let listing = true
  async function renameOn(kind: (typeof kinds)[number]): Promise<number> {
    const ids = [...made[kind]]
    let renamed = 0
    for (; listing; renamed++) {
      const name = `${String.fromCharCode(97 + ((renamed * 11) % 26))} ${renamed}`
      const received = await server.ask('PATCH', `/api/v2/${kind}/${ids[(renamed * 7) % 25]}`, { name })
      assert.equal(received.status, 200, received.text)
    }
    return renamed
  }
  const renaming = Promise.all(kinds.map(renameOn))
  for (let round = 0; round < 4; round++) {
    for (const kind of kinds) {
      for (const by of ['offset', 'after'] as const) {
        const found = await walk(kind, round % 2 === 1 && by === 'offset', by)
        assert.equal(new Set(found).size, found.length, `${kind} by ${by}: something twice`)
        const lost = [...made[kind]].filter((id) => !found.includes(id))
        assert.deepEqual(lost, [], `${kind} by ${by}`)
      }
    }
  }
  listing = false
  for (const renamed of await renaming) assert.ok(renamed > 25, `${renamed} were renamed meanwhile`)
})
