/** Traffic, upstream's state, metrics and the last use of tokens, as a server with an upstream tells them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { startSetUp } from '../support/populate.ts'
import { startTraffic, type TrafficWorld } from './world.ts'

interface Counts {
  readonly requests: number
  readonly refused: number
  readonly errors: number
  readonly bytesIn: number
  readonly bytesOut: number
}

describe('traffic', () => {
  let world: TrafficWorld
  let reader: Awaited<ReturnType<TrafficWorld['makeToken']>>
  before(async () => {
    world = await startTraffic()
    reader = await world.makeToken(
      [{ action: 'read', resource: { type: 'buckets', orgID: world.orgID } }],
      'Grafana',
    )
  })
  after(() => world.stopAll())

  const overview = async () => (await world.ask('GET', '/api/v2/overview')).json
  const ofToken = async (id = reader.id): Promise<{ total: Counts; points: readonly Counts[] }> =>
    (await world.ask('GET', `/api/v2/authorizations/${id}/traffic`)).json.lastHour

  test('is counted by token: requests, refusals, errors, bytes in and out', async () => {
    const { text } = await world.query('buckets()', reader.headers)
    await world.write('m f=1', reader.headers)
    world.upstream.answer = (_request, response) => {
      response.writeHead(500).end()
      return true
    }
    await world.query('buckets()', reader.headers)
    world.upstream.answer = () => false
    const { total, points } = await ofToken()
    const body = JSON.stringify({ query: 'buckets()' }).length
    assert.deepEqual([total.requests, total.refused, total.errors], [3, 1, 1])
    assert.deepEqual([total.bytesIn - 2 * body, total.bytesOut], [0, text.length])
    assert.equal(points.length, 60)
    assert.equal(
      points.reduce((sum, each) => sum + each.requests, 0),
      3,
    )
  })

  test('is counted by user, by session and token alike', async () => {
    const path = `/api/v2/users/${world.userID}/traffic`
    const requests = async () => (await world.ask('GET', path)).json.lastDay.total.requests
    const before = await requests()
    await world.query('buckets()', await world.session())
    await world.query('buckets()', reader.headers)
    assert.equal(await requests(), before + 2)
    const { json } = await world.ask('GET', path)
    assert.deepEqual([json.links, json.forwards], [{ self: path }, true])
    assert.ok(Date.parse(json.since) <= Date.now())
    assert.deepEqual([json.lastDay.points.length, json.lastDay.bucketSeconds], [24, 3600])
  })

  test('is in the overview by organization and by token, with names', async () => {
    const { traffic } = await overview()
    const [organization] = traffic.organizations
    assert.deepEqual([organization.orgID, organization.org], [world.orgID, 'analytics'])
    const token = traffic.tokens.find(({ id }: { id: string }) => id === reader.id)
    assert.deepEqual(
      [token.description, token.org, token.user, token.userID],
      ['Grafana', 'analytics', 'ada', world.userID],
    )
    assert.equal(token.lastHour.requests, (await ofToken()).total.requests)
    assert.ok(traffic.total.lastHour.requests >= organization.lastHour.requests)
  })

  test('of requests that nobody is known for is in the total alone', async () => {
    const before = (await overview()).traffic
    await world.write('m f=1', { authorization: 'Token wrong' })
    const { traffic } = await overview()
    assert.equal(traffic.total.lastHour.refused, before.total.lastHour.refused + 1)
    assert.deepEqual(traffic.organizations, before.organizations)
  })

  test('is for those who may read the user or token', async () => {
    for (const path of [
      `/api/v2/users/${world.userID}/traffic`,
      `/api/v2/authorizations/${reader.id}/traffic`,
    ]) {
      assert.equal((await world.ask('GET', path, undefined, reader.headers)).status, 401, path)
      assert.equal((await world.ask('GET', path, undefined, {})).status, 401, path)
    }
    for (const type of ['users', 'authorizations']) {
      const path = `/api/v2/${type}/ffffffffffff0001/traffic`
      assert.equal((await world.ask('GET', path)).status, 404, path)
    }
  })

  test('a token that was used at the gateway alone has a last use, also with name and password of the 1.x API', async () => {
    const permissions = [{ action: 'write', resource: { type: 'buckets', orgID: world.orgID } }]
    const lastUse = async (id: string) =>
      (await world.ask('GET', `/api/v2/authorizations/${id}?usage=true`)).json.lastUsedAt
    for (const uses of [
      (headers: Readonly<Record<string, string>>) => world.write('m f=1', headers),
      ({ authorization = '' }: Readonly<Record<string, string>>) =>
        send(world.url, {
          method: 'POST',
          path: `/write?db=telegraf&u=ada&p=${encodeURIComponent(authorization.split(' ')[1] ?? '')}`,
          body: 'm f=1',
        }),
    ]) {
      const { id, headers } = await world.makeToken(permissions)
      assert.equal(await lastUse(id), undefined)
      const begin = Date.now()
      assert.equal((await uses(headers)).status, 204)
      const used = Date.parse(await lastUse(id))
      assert.ok(used >= begin && used <= Date.now())
    }
  })

  test('metrics tell class, status, organization, bytes, time, tokens, and what is in flight', async () => {
    const read = async () => {
      const { text } = await send(world.url, { method: 'GET', path: '/metrics' })
      return (name: string) =>
        Number(
          text
            .split('\n')
            .find((line) => line.startsWith(`sluice_gateway_${name} `))
            ?.split(' ')
            .at(-1) ?? 0,
        )
    }
    const labels = `class="write",organization="${world.orgID}"`
    const before = await read()
    const held = Promise.withResolvers<void>()
    world.upstream.answer = (_request, response) => {
      held.promise.then(() => response.writeHead(204).end())
      return true
    }
    const lines = 'm f=1\n'.repeat(100)
    const written = world.write(lines)
    while ((await read())('in_flight') === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal((await read())('in_flight'), 1)
    held.resolve()
    await written
    world.upstream.answer = () => false
    const now = await read()
    const grown = (name: string) => now(name) - before(name)
    assert.equal(grown(`requests_total{${labels},status="204"}`), 1)
    assert.equal(grown(`request_bytes_total{${labels}}`), lines.length)
    assert.ok(grown(`upstream_seconds_total{${labels}}`) > 0)
    assert.ok(now('minted_tokens') > 0)
    assert.equal(now('in_flight'), 0)
  })

  test('bytes in are those that were taken: of chunks all, of a body that was refused unread none', async () => {
    const permissions = [{ action: 'write', resource: { type: 'buckets', orgID: world.orgID } }]
    const bytesIn = async (id: string) => (await ofToken(id)).total.bytesIn
    const writer = await world.makeToken(permissions)
    const path = `/api/v2/write?orgID=${world.orgID}&bucket=${world.bucketID}`
    const chunked = await fetch(`${world.url}${path}`, {
      ...{ method: 'POST', headers: writer.headers, duplex: 'half' },
      body: new ReadableStream({
        start(controller) {
          for (let count = 0; count < 3; count++) controller.enqueue(Buffer.from('m f=1\n'))
          controller.close()
        },
      }),
    } as RequestInit)
    assert.equal(chunked.status, 204)
    assert.equal(await bytesIn(writer.id), 18)
    const lines = 'm f=1\n'.repeat(20_000)
    assert.equal((await world.write(lines, writer.headers)).status, 204)
    assert.equal(await bytesIn(writer.id), 18 + lines.length)
    const large = await world.makeToken(permissions)
    const headers = { ...large.headers, 'content-length': String(200 * 1024 * 1024), expect: '100-continue' }
    assert.equal((await send(world.url, { method: 'POST', path, headers })).status, 413)
    assert.equal(await bytesIn(large.id), 0)
  })
})

test('the state of upstream is that of its checks and of the last forwarded request', async () => {
  const world = await startTraffic()
  const state = async () => (await world.ask('GET', '/api/v2/overview')).json.upstream
  try {
    assert.deepEqual(await state(), { configured: true, up: true, differences: 0 })
    const begin = Date.now()
    await world.query()
    const { up, lastAnswerAt } = await state()
    assert.ok(up && Date.parse(lastAnswerAt) >= begin)
    world.upstream.answer = (_request, response) => {
      response.writeHead(500).end()
      return true
    }
    await world.query()
    assert.equal((await state()).up, true, 'an answer is an answer')
    await world.upstream.stop()
    assert.equal((await world.query()).status, 503)
    const away = await state()
    assert.equal(away.up, false)
    assert.ok(Date.parse(away.lastAnswerAt) >= Date.parse(lastAnswerAt))
  } finally {
    await world.stopAll()
  }
})

test('without an upstream there is none, and no traffic', async () => {
  const server = await startSetUp()
  try {
    const { upstream, traffic } = (await server.ask('GET', '/api/v2/overview')).json
    assert.deepEqual(upstream, { configured: false, up: false })
    assert.deepEqual([traffic.organizations, traffic.tokens], [[], []])
  } finally {
    await server.stop()
  }
})
