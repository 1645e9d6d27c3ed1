/** Who may send what: sessions and tokens, tokens upstream, limits, methods, the audit log. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { basic, send } from '../support/http.ts'
import { type GatewayWorld, head, startGateway, statusesOf } from './world.ts'

const WRITE = '/api/v2/write?org=analytics&bucket=engine'
const DASHBOARDS = '/api/v2/dashboards'

let gateway: GatewayWorld
const clock = { at: Date.now() }
before(async () => {
  gateway = await startGateway({ 'max-in-flight': 6, 'max-in-flight-per-user': 3 }, [], {
    now: () => clock.at,
  })
})
after(() => gateway.stop())
beforeEach(() => gateway.reset())

/** A user with a token of exactly these permissions in the organization. */
async function addUser(name: string, permissions: readonly unknown[]) {
  const user = await gateway.ask('POST', '/api/v2/users', { name })
  const userID: string = user.json.id
  const made = await gateway.ask('POST', '/api/v2/authorizations', {
    orgID: gateway.orgID,
    userID,
    permissions,
  })
  assert.equal(made.status, 201, made.text)
  return { userID, id: made.json.id as string, authorization: `Token ${made.json.token}` }
}

const writeEngine = () => ({
  action: 'write',
  resource: { type: 'buckets', id: gateway.bucketID, orgID: gateway.orgID },
})

suite('a request without good credentials', () => {
  test('is refused, and reaches nothing upstream', async () => {
    for (const headers of [
      {},
      { authorization: 'Token wrong' },
      { authorization: 'Token a, Token b' },
      { authorization: 'Bearer' },
      { cookie: 'influxdb-oss-session=wrong' },
      { authorization: basic('ada', 'correct horse 1') },
    ]) {
      for (const path of [
        WRITE,
        DASHBOARDS,
        '/api/v2/config',
        '/api/v2/backup/kv',
        '/write?db=d',
        '/query?db=d',
      ]) {
        const method = path === WRITE || path.startsWith('/write') ? 'POST' : 'GET'
        const { status, json } = await gateway.ask(method, path, undefined, headers)
        assert.deepEqual([status, json.code], [401, 'unauthorized'], `${path} ${JSON.stringify(headers)}`)
      }
    }
    assert.deepEqual(gateway.upstream.arrived, [])
  })

  test('counts wrong tokens of an address, like the API', async () => {
    const server = await startGateway({}, ['--guess-address-limit', '3'])
    try {
      const statuses: number[] = []
      for (let at = 0; at < 6; at += 1) {
        const { status } = await server.ask('POST', WRITE, undefined, { authorization: `Token wrong${at}` })
        statuses.push(status)
      }
      assert.ok(statuses.includes(429), statuses.join())
    } finally {
      await server.stop()
    }
  })
})

suite('a session', () => {
  test('acts with its user’s rights, and its cookie is renewed', async () => {
    const { cookie } = await gateway.session()
    const first = await gateway.ask('GET', DASHBOARDS, undefined, { cookie })
    assert.equal(first.status, 204)
    clock.at += 5 * 60_000
    const later = await gateway.ask('GET', DASHBOARDS, undefined, { cookie })
    assert.equal(later.status, 204)
    assert.match(String(later.headers['set-cookie']), /^influxdb-oss-session=.*; Path=\/api\/;/)
    clock.at += 5 * 60_000
    const refused = await gateway.ask('POST', '/api/v2/write?org=analytics&bucket=nothing', undefined, {
      cookie,
    })
    assert.equal(refused.status, 404)
    assert.match(String(refused.headers['set-cookie']), /^influxdb-oss-session=/, 'a refusal renews it too')
    for (const { headers } of gateway.upstream.arrived) assert.equal(headers.cookie, undefined)
  })

  test('does not count for the 1.x API', async () => {
    const { cookie } = await gateway.session()
    for (const [method, path] of [
      ['POST', '/write?db=engine'],
      ['GET', '/query?db=engine&q=SHOW+DATABASES'],
    ] as const) {
      const { status } = await gateway.ask(method, path, undefined, { cookie })
      assert.equal(status, 401)
    }
  })

  test('is refused to a page of another site, unless it only reads', async () => {
    const { cookie } = await gateway.session()
    const foreign = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    for (const [method, path] of [
      ['POST', WRITE],
      ['POST', '/api/v2/delete?org=analytics&bucket=engine'],
      ['POST', '/api/v2/query?org=analytics'],
      ['POST', '/api/v2/tasks'],
      ['DELETE', `/api/v2/dashboards/${gateway.userID}`],
    ] as const) {
      const { status, headers } = await gateway.ask(method, path, undefined, foreign)
      assert.deepEqual([status, headers['x-sluice-reason']], [403, 'forged-request'], path)
    }
    assert.equal(gateway.upstream.arrived.length, 0)
    assert.equal((await gateway.ask('GET', DASHBOARDS, undefined, foreign)).status, 204)
    const own = { cookie, origin: gateway.url, 'sec-fetch-site': 'same-origin' }
    assert.equal((await gateway.ask('POST', WRITE, undefined, own)).status, 204)
  })

  test('whose user must change the password reaches nothing; the audit log names the user', async () => {
    const { json: user } = await gateway.ask('POST', '/api/v2/users', { name: 'newcomer' })
    await gateway.ask('POST', `/api/v2/orgs/${gateway.orgID}/owners`, { id: user.id })
    const password = { password: 'given once 12', mustChange: true }
    const set = await gateway.ask('POST', `/api/v2/users/${user.id}/password`, password)
    assert.equal(set.status, 204, set.text)
    const { cookie } = await gateway.session('newcomer', password.password)
    const { status, headers } = await gateway.ask('GET', DASHBOARDS, undefined, { cookie })
    assert.deepEqual([status, headers['x-sluice-reason']], [403, 'password-change-due'])
    assert.equal(gateway.upstream.arrived.length, 0)
    const { json } = await gateway.ask('GET', '/api/v2/audit?event=access&outcome=refused&limit=1')
    assert.equal(json.events[0].actor.userID, user.id)
  })
})

suite('a token upstream', () => {
  test('has the rights of the caller’s token alone', async () => {
    const writer = await addUser('writer', [writeEngine()])
    const before = gateway.upstream.mints.length
    const headers = { authorization: writer.authorization }
    assert.equal((await gateway.ask('POST', WRITE, undefined, headers)).status, 204)
    assert.equal((await gateway.ask('POST', WRITE, undefined, headers)).status, 204)
    const minted = gateway.upstream.mints.slice(before)
    assert.equal(minted.length, 1)
    assert.deepEqual(minted[0]?.permissions, [writeEngine()])
    assert.deepEqual([minted[0]?.userID, minted[0]?.orgID], [writer.userID, gateway.orgID])
    assert.ok(!minted[0]?.description.includes(writer.authorization.slice(6)))
  })

  test('is deleted when its user’s rights change, and the next request has another', async () => {
    const user = await addUser('changing', [writeEngine()])
    const headers = { authorization: user.authorization }
    await gateway.ask('POST', WRITE, undefined, headers)
    const used = gateway.only().headers.authorization?.slice(6) as string
    assert.ok([...gateway.upstream.minted.values()].includes(used))
    const changed = await gateway.ask('PATCH', `/api/v2/authorizations/${user.id}`, { status: 'inactive' })
    assert.equal(changed.status, 200)
    assert.equal((await gateway.ask('POST', WRITE, undefined, headers)).status, 401)
    await sleep(50)
    assert.ok(![...gateway.upstream.minted.values()].includes(used), 'it is still there')
    assert.equal(gateway.upstream.arrived.length, 1)
  })

  test('that is gone is minted anew, and a small request sent again, once', async () => {
    await gateway.ask('POST', WRITE)
    gateway.upstream.minted.clear()
    gateway.reset()
    const { status } = await send(gateway.url, {
      method: 'POST',
      path: WRITE,
      headers: gateway.operator,
      body: 'm v=1',
    })
    assert.equal(status, 204)
    const [first, second, ...others] = gateway.upstream.arrived
    assert.deepEqual(others, [])
    assert.notEqual(first?.headers.authorization, second?.headers.authorization)
    assert.equal(first?.target, second?.target)
    assert.equal(Buffer.concat(second?.body ?? []).toString(), 'm v=1')
    assert.equal((await gateway.ask('GET', DASHBOARDS)).status, 204)
  })

  test('that is gone is 503 for a body that was streamed, and there again for the next request', async () => {
    await gateway.ask('POST', WRITE)
    const large = {
      ...{ method: 'POST', path: WRITE, headers: gateway.operator, body: Buffer.alloc(70_000, 'x') },
    }
    gateway.upstream.minted.clear()
    const failed = await send(gateway.url, large)
    assert.deepEqual([failed.status, failed.json.code], [503, 'unavailable'])
    assert.equal(failed.headers['retry-after'], '1')
    assert.equal((await send(gateway.url, large)).status, 204)
    gateway.upstream.minted.clear()
    const chunked = head(
      ...[`POST ${WRITE} HTTP/1.1`, 'Host: x', `Authorization: ${gateway.operator.authorization}`],
      ...['Transfer-Encoding: chunked', 'Connection: close'],
    )
    const answer = await gateway.raw(`${chunked}5\r\nm v=1\r\n0\r\n\r\n`)
    assert.deepEqual(statusesOf(answer), [503])
  })

  test('that is there is not at fault: a refusal of upstream’s is the answer, and not asked again', async () => {
    gateway.upstream.answer = (_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end('{"code":"unauthorized","message":"read:orgs/x/secrets is unauthorized"}')
    }
    const { status, json } = await gateway.ask('GET', DASHBOARDS)
    assert.deepEqual([status, json.message], [401, 'read:orgs/x/secrets is unauthorized'])
    assert.equal(gateway.upstream.arrived.length, 1)
  })

  test('that upstream does not mint is 503, and nothing is sent', async () => {
    const user = await addUser('unlucky', [writeEngine()])
    gateway.upstream.refusesToMint = true
    const headers = { authorization: user.authorization }
    const { status, json, headers: answered } = await gateway.ask('POST', WRITE, undefined, headers)
    assert.deepEqual([status, json.code, answered['retry-after']], [503, 'unavailable', '1'])
    assert.ok(!json.message.includes('unable to create token'))
    assert.equal(gateway.upstream.arrived.length, 0)
    gateway.upstream.refusesToMint = false
    assert.equal((await gateway.ask('POST', WRITE, undefined, headers)).status, 204)
  })
})

suite('limits', () => {
  test('of one user leave others their places, and end with the requests', async () => {
    const [ada, bob, carol] = [
      await addUser('l-ada', [writeEngine()]),
      await addUser('l-bob', [writeEngine()]),
      await addUser('l-carol', [writeEngine()]),
    ]
    const answers: (() => void)[] = []
    gateway.upstream.answer = (_, response) => answers.push(() => response.writeHead(204).end())
    const write = ({ authorization }: { authorization: string }) =>
      gateway.ask('POST', WRITE, undefined, { authorization })
    const waiting = [write(ada), write(ada), write(ada)]
    while (answers.length < 3) await sleep(5)
    const tooMany = await write(ada)
    assert.deepEqual(
      [tooMany.status, tooMany.json.code, tooMany.headers['retry-after']],
      [429, 'too many requests', '1'],
    )
    waiting.push(write(bob), write(bob), write(bob))
    while (answers.length < 6) await sleep(5)
    const full = await write(carol)
    assert.equal(full.status, 429)
    assert.match(full.json.message, /6 requests are forwarded already/)
    assert.equal(gateway.upstream.arrived.length, 6)
    for (const each of answers.splice(0)) each()
    for (const each of waiting) assert.equal((await each).status, 204)
    gateway.reset()
    assert.equal((await write(carol)).status, 204)
  })
})

suite('what is not forwarded', () => {
  test('is a method that is not in the table: 405 with those that are', async () => {
    for (const [method, path, allow] of [
      ['GET', '/api/v2/write', 'POST'],
      ['PUT', '/write', 'POST'],
      ['DELETE', '/query', 'GET, POST'],
      ['HEAD', DASHBOARDS, 'GET, POST'],
      ['PATCH', '/api/v2/config', 'GET'],
      ['TRACE', DASHBOARDS, 'GET, POST'],
    ] as const) {
      const { status, headers } = await gateway.ask(method, path)
      assert.deepEqual([status, headers.allow], [405, allow], `${method} ${path}`)
    }
    const { headers } = await gateway.ask('PUT', DASHBOARDS, undefined, {
      origin: 'https://elsewhere.example',
    })
    assert.equal(headers['access-control-allow-origin'], 'https://elsewhere.example')
    assert.equal(gateway.upstream.arrived.length, 0)
  })

  test('is about identities, or about the server: this server answers that', async () => {
    for (const [path, status] of [
      ['/api/v2/me', 200],
      ['/api/v2/buckets?org=analytics', 200],
      ['/api/v2/authorizations', 200],
      ['/api/v2/users', 200],
      ['/api/v2/orgs', 200],
      ['/health', 200],
      ['/ping', 204],
      ['/metrics', 200],
      ['/debug/pprof/heap', 404],
      ['/metrics/x', 404],
      ['/api/v2/sources', 404],
    ] as const) {
      assert.equal((await gateway.ask('GET', path)).status, status, path)
    }
    // The labels of buckets are upstream's, which shows them by the caller's rights.
    const asked = gateway.upstream.arrived.filter(
      ({ target }) => !target.startsWith('/api/v2/buckets?orgID='),
    )
    assert.deepEqual(asked, [])
  })

  test('are backups and restores, also for operators', async () => {
    for (const [method, path] of [
      ['GET', '/api/v2/backup/kv'],
      ['GET', '/api/v2/backup/metadata'],
      ['GET', '/api/v2/backup/shards/1'],
      ['POST', '/api/v2/restore/kv'],
      ['POST', '/api/v2/restore/shards/1'],
      ['POST', '/api/v2/restore/bucketMetadata'],
    ] as const) {
      const { status, headers } = await gateway.ask(method, path)
      assert.deepEqual([status, headers['x-sluice-reason']], [403, 'not-through-gateway'], path)
    }
    assert.equal(gateway.upstream.arrived.length, 0)
  })

  test('is the configuration, but to operators', async () => {
    const user = await addUser('curious', [writeEngine()])
    const refused = await gateway.ask('GET', '/api/v2/config', undefined, {
      authorization: user.authorization,
    })
    assert.equal(refused.status, 401)
    assert.equal(gateway.upstream.arrived.length, 0)
    assert.equal((await gateway.ask('GET', '/api/v2/config')).status, 204)
  })
})

suite('the audit log', () => {
  test('has a refusal with its caller and route, and no query', async () => {
    const user = await addUser('audited', [writeEngine()])
    const secret = 'do-not-log-this'
    const other = await gateway.ask('POST', '/api/v2/buckets', { name: 'other', orgID: gateway.orgID })
    assert.equal(other.status, 201)
    const { status } = await gateway.ask(
      'POST',
      `/api/v2/write?org=analytics&bucket=other&x=${secret}`,
      undefined,
      {
        authorization: user.authorization,
      },
    )
    assert.equal(status, 403)
    const audit = await gateway.ask('GET', '/api/v2/audit?event=access&outcome=refused&limit=1')
    const [event] = audit.json.events
    assert.deepEqual([event.actor.userID, event.actor.authorizationID], [user.userID, user.id])
    assert.deepEqual(
      [event.target.type, event.target.name, event.target.orgID],
      ['route', '/api/v2/write', gateway.orgID],
    )
    assert.ok(!audit.text.includes(secret))
    assert.ok(!gateway.log.join('\n').includes(secret))
  })

  test('and the log hold no token', () => {
    const log = gateway.log.join('\n')
    assert.ok(!log.includes('minted-') && !log.includes(gateway.upstream.operatorToken))
    assert.ok(!log.includes(gateway.operator.authorization.slice(6)))
  })
})
