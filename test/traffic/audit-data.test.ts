/** What the audit log says of queries, deletes and writes through the gateway. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { startTraffic, type TrafficWorld } from './world.ts'

const MINUTE = 60_000

describe('with audit-data', () => {
  let world: TrafficWorld
  /** The beginning of a minute; the server's clock stands still between the steps of a test. */
  let at = Math.floor(Date.now() / MINUTE) * MINUTE
  before(async () => {
    world = await startTraffic(['--audit-data'], { now: () => at })
  })
  after(() => world.stopAll())

  test('a query has who, organization, the Flux text, duration and status', async () => {
    const flux = 'from(bucket: "engine")\n  |> range(start: -1h) // 🙂'
    assert.equal((await world.query(flux)).status, 200)
    const [event] = await world.events('data.query')
    assert.deepEqual([event?.outcome, event?.status, event?.statement], ['success', 200, flux])
    assert.ok(Number.isInteger(event?.durationMs) && Number(event?.durationMs) >= 0)
    assert.deepEqual([event?.actor.userID, event?.actor.userName], [world.userID, 'ada'])
    assert.match(event?.actor.authorizationID ?? '', /^[0-9a-f]{16}$/)
    assert.deepEqual(
      [event?.target.type, event?.target.id, event?.target.orgName],
      ['organization', world.orgID, 'analytics'],
    )
    assert.deepEqual([event?.address, event?.count], ['127.0.0.1', 1])
    assert.equal(event?.time, new Date(at).toISOString())
  })

  test('a text that is sent as Flux is kept as it is, and the first 4 KiB of a long one', async () => {
    const flux = `buckets() // ${'🙂'.repeat(3000)}`
    const headers = { ...world.operator, 'content-type': 'application/vnd.flux' }
    const path = `/api/v2/query?orgID=${world.orgID}`
    assert.equal((await send(world.url, { method: 'POST', path, headers, body: flux })).status, 200)
    const statement = (await world.events('data.query')).at(-1)?.statement ?? ''
    assert.equal(Buffer.byteLength(statement), 4093)
    assert.ok(flux.startsWith(statement))
  })

  test('a query of the 1.x API has its text and its database, and no credentials', async () => {
    const { headers } = await world.makeToken([
      { action: 'read', resource: { type: 'buckets', orgID: world.orgID } },
    ])
    const secret = headers.authorization?.split(' ')[1] ?? ''
    const query = new URLSearchParams({
      u: 'ada',
      p: secret,
      db: 'telegraf',
      rp: 'week',
      q: 'SHOW DATABASES',
    })
    const { status } = await send(world.url, { method: 'GET', path: `/query?${query}` })
    assert.equal(status, 200)
    const event = (await world.events('data.query')).at(-1)
    assert.equal(event?.statement, 'SHOW DATABASES')
    assert.deepEqual([event?.target.type, event?.target.name], ['database', 'telegraf/week'])
    assert.ok(!JSON.stringify(event).includes(secret))
  })

  test('a delete has its bucket and what it says', async () => {
    assert.equal((await world.erase('host="a"')).status, 204)
    const [event] = await world.events('data.delete')
    assert.deepEqual(
      [event?.target.type, event?.target.id, event?.target.name, event?.target.orgName],
      ['bucket', world.bucketID, 'engine', 'analytics'],
    )
    assert.equal(JSON.parse(event?.statement ?? '').predicate, 'host="a"')
    assert.deepEqual([event?.outcome, event?.status], ['success', 204])
  })

  test('writes are one row a minute and bucket, with a count', async () => {
    at += MINUTE
    for (let count = 0; count < 5; count++) assert.equal((await world.write()).status, 204)
    at += MINUTE
    await world.write()
    const rows = await world.events('data.write')
    assert.deepEqual(
      rows.map(({ count, target, outcome }) => [count, target.name, target.orgName, outcome]),
      [
        [5, 'engine', 'analytics', 'success'],
        [1, 'engine', 'analytics', 'success'],
      ],
    )
    assert.ok(rows.every(({ actor, statement }) => Object.keys(actor).length === 0 && !statement))
  })

  test('what InfluxDB does not carry out has failed, with the status of the answer', async () => {
    world.upstream.answer = (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"code":"invalid"}')
      return true
    }
    assert.equal((await world.query('nonsense()')).status, 400)
    await world.write()
    world.upstream.answer = () => false
    const query = (await world.events('data.query')).at(-1)
    assert.deepEqual([query?.outcome, query?.status, query?.statement], ['failed', 400, 'nonsense()'])
    assert.equal((await world.events('data.write')).at(-1)?.outcome, 'failed')
  })

  test('what InfluxDB refuses is counted as a refused request too, in its organization', async () => {
    world.upstream.answer = (_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"code":"forbidden"}')
      return true
    }
    assert.equal((await world.query()).status, 403)
    world.upstream.answer = () => false
    assert.equal((await world.events('data.query')).at(-1)?.outcome, 'refused')
    const refusal = (await world.events('access')).at(-1)
    assert.deepEqual(
      [refusal?.outcome, refusal?.target.name, refusal?.target.orgID, refusal?.actor.userName],
      ['refused', '/api/v2/query', world.orgID, 'ada'],
    )
  })

  test('a query that this server refuses is a refused request, without its text', async () => {
    const { headers } = await world.makeToken([
      { action: 'read', resource: { type: 'buckets', orgID: world.orgID } },
    ])
    const before = (await world.events('data.query')).length
    const flux = 'import "experimental/http" http.get(url: "http://canary-host")'
    assert.equal((await world.query(flux, headers)).status, 403)
    assert.equal((await world.events('data.query')).length, before)
    const refusals = await world.events('access')
    assert.ok(!JSON.stringify(refusals).includes('canary'))
  })

  test('owners of the organization read it, members and owners of others do not', async () => {
    const people: Record<string, { cookie: string }> = {}
    const other = (await world.ask('POST', '/api/v2/orgs', { name: 'elsewhere' })).json.id
    for (const [name, org, role] of [
      ['owner', world.orgID, 'owners'],
      ['member', world.orgID, 'members'],
      ['stranger', other, 'owners'],
    ] as const) {
      const { id } = (await world.ask('POST', '/api/v2/users', { name })).json
      await world.ask('POST', `/api/v2/users/${id}/password`, { password: 'correct horse 1' })
      await world.ask('POST', `/api/v2/orgs/${org}/${role}`, { id })
      people[name] = await world.session(name)
    }
    const path = '/api/v2/audit?event=data.query'
    const own = await world.ask('GET', path, undefined, people.owner)
    assert.ok(own.json.events.length > 0 && own.json.events.every((each: object) => 'statement' in each))
    // The token belongs to this organization, so its owner may read what it is called.
    assert.equal(own.json.events[0].actor.authorizationDescription, "ada's Token")
    assert.deepEqual((await world.ask('GET', path, undefined, people.stranger)).json.events, [])
    assert.equal((await world.ask('GET', path, undefined, people.member)).status, 401)
  })

  test('no query text is in the log', async () => {
    await world.query('buckets() // canary-text')
    await world.events('data.query')
    assert.ok(world.log.every((line) => !line.includes('canary-text')))
  })
})

test('a query does not wait for a store that never answers', async () => {
  const world = await startTraffic(['--audit-data'])
  try {
    assert.equal((await world.query()).status, 200)
    const { transaction } = world.store
    const held = Promise.withResolvers<void>()
    Object.assign(world.store, {
      transaction: async (...parameters: Parameters<typeof transaction>) => {
        await held.promise
        return transaction(...parameters)
      },
    })
    for (let count = 0; count < 20; count++) assert.equal((await world.query()).status, 200)
    held.resolve()
    assert.equal((await world.events('data.query')).length, 21)
  } finally {
    await world.stopAll()
  }
})

test('without audit-data only refusals are recorded, as ever', async () => {
  const world = await startTraffic()
  try {
    for (const ask of [world.query, world.write, world.erase]) assert.ok((await ask()).status < 300)
    for (const kind of ['data.query', 'data.write', 'data.delete']) {
      assert.deepEqual(await world.events(kind), [], kind)
    }
    const { headers } = await world.makeToken([
      { action: 'read', resource: { type: 'buckets', orgID: world.orgID } },
    ])
    assert.equal((await world.write('m f=1', headers)).status, 403)
    assert.equal((await world.write('m f=1', headers)).status, 403)
    assert.equal((await world.write('m f=1', { authorization: 'Token wrong' })).status, 401)
    const refusals = await world.events('access')
    assert.deepEqual(
      refusals.map(({ outcome, count, target, actor }) => [outcome, count, target.name, actor.userName]),
      [
        ['refused', 2, '/api/v2/write', 'ada'],
        ['refused', 1, '/api/v2/write', undefined],
      ],
    )
  } finally {
    await world.stopAll()
  }
})
