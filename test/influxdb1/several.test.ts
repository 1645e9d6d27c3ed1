/** Several upstreams at once: two InfluxDB 1.x, by organization and by host name. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Influxdb1, startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'
import { startUpstream, type Upstream } from '../support/influxd/upstream.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { withoutInfluxdb1 } from './world.ts'

describe('several upstreams', { skip: withoutInfluxdb1, timeout: 120_000 }, () => {
  let influxd: Upstream
  let lab: Influxdb1
  let works: Influxdb1
  let server: SetUpServer
  const tokens: Record<string, string> = {}
  before(async () => {
    influxd = await startUpstream({ isSetUp: false })
    lab = await startInfluxdb1()
    works = await startInfluxdb1()
    const file = join(temporaryFolder(), 'sluice.json')
    const upstream = [
      { url: influxd.url, token: influxd.operatorToken },
      { kind: 'influxdb1', url: lab.url, org: 'lab' },
      { kind: 'influxdb1', url: works.url, org: 'works', hosts: ['works.example.com'] },
    ]
    writeFileSync(file, JSON.stringify({ upstream }))
    server = await startSetUp(['--config-path', file])
    for (const name of ['lab', 'works']) {
      const made = await server.ask('POST', '/api/v2/orgs', { name })
      assert.equal(made.status, 201, made.text)
      const orgID = made.json.id
      const bucket = await server.ask('POST', '/api/v2/buckets', { orgID, name: 'data' })
      assert.equal(bucket.status, 201, bucket.text)
      const permissions = ['read', 'write'].map((action) => ({
        action,
        resource: { type: 'buckets', orgID },
      }))
      const token = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
      assert.equal(token.status, 201, token.text)
      tokens[name] = token.json.token
    }
    await lab.write('data', 'm v=1,of="lab"')
    await works.write('data', 'm v=1,of="works"')
  })
  after(async () => {
    await server?.stop()
    await Promise.all([lab?.stop(), works?.stop(), influxd?.stop()])
  })

  const ask = (token: string, headers: Readonly<Record<string, string>> = {}, more = '') =>
    send(server.url, {
      ...{ method: 'GET', path: `/query?db=data&q=SELECT+*+FROM+m${more}` },
      headers: { authorization: `Token ${token}`, ...headers },
    })

  test('each organization has its own databases', async () => {
    const answer = await ask(tokens.lab ?? '')
    assert.match(answer.text, /"lab"/)
    assert.doesNotMatch(answer.text, /works/)
  })

  test('a host name leads to its upstream, with the rights of that organization', async () => {
    const host = { host: 'Works.example.com:8086' }
    const answer = await ask(tokens.works ?? '', host)
    assert.match(answer.text, /"works"/)
    const foreign = await ask(tokens.lab ?? '', host)
    assert.equal(foreign.status, 403, foreign.text)
    assert.doesNotMatch(foreign.text, /"works"/)
  })

  describe('without its host name, an organization whose upstream has one', () => {
    for (const [what, method, path, body] of [
      ['1.x lines', 'POST', '/write?db=data', 'lost v=1'],
      ['v2 lines that name it', 'POST', '/api/v2/write?org=works&bucket=data', 'lost v=1'],
      ['v2 lines of its token', 'POST', '/api/v2/write?bucket=data', 'lost v=1'],
      ['a query', 'GET', '/query?db=data&q=SELECT+*+FROM+m', ''],
    ] as const) {
      test(`${what}: is told which it is`, async () => {
        const answer = await send(server.url, {
          ...{ method, path },
          ...(body === '' ? {} : { body }),
          headers: { authorization: `Token ${tokens.works}` },
        })
        assert.equal(answer.status, 421, answer.text)
        assert.equal(answer.json.code, 'not found')
        assert.match(answer.json.message, /organization works .* send the request to works\.example\.com$/)
        assert.equal(answer.headers['x-sluice-reason'], 'wrong-host')
      })
    }

    test('a session that names it, and a 1.x authorization', async () => {
      const path = '/query?db=data&q=SELECT+*+FROM+m'
      const headers = await server.session()
      assert.equal(
        (await send(server.url, { method: 'GET', path: `${path}&org=works`, headers })).status,
        421,
      )
      const basic = Buffer.from(`any:${tokens.works}`).toString('base64')
      const named = await send(server.url, {
        ...{ method: 'GET', path },
        headers: { authorization: `Basic ${basic}` },
      })
      assert.equal(named.status, 421, named.text)
    })

    test('reaches what only the InfluxDB 2 has', async () => {
      const headers = { authorization: `Token ${tokens.works}` }
      const answer = await send(server.url, { method: 'GET', path: '/api/v2/tasks?org=works', headers })
      assert.notEqual(answer.status, 421, answer.text)
    })
  })

  test('a session names the organization', async () => {
    const headers = await server.session()
    const path = '/query?db=data&q=SELECT+*+FROM+m'
    const answer = await send(server.url, { method: 'GET', path: `${path}&org=lab`, headers })
    assert.match(answer.text, /"lab"/)
    // Without a name it goes to the InfluxDB 2, which takes no session on this path.
    assert.equal((await send(server.url, { method: 'GET', path, headers })).status, 401)
  })

  test('all other organizations are those of the InfluxDB 2', async () => {
    const written = await server.ask('POST', '/api/v2/write?org=analytics&bucket=engine')
    assert.equal(written.status, 204, written.text)
    const lines = await send(server.url, {
      ...{ method: 'POST', path: '/api/v2/write?org=analytics&bucket=engine', body: 'm v=1' },
      headers: server.operator,
    })
    assert.equal(lines.status, 204, lines.text)
    const toLab = await send(server.url, {
      ...{ method: 'POST', path: '/api/v2/write?org=lab&bucket=data', body: 'w v=1' },
      headers: { authorization: `Token ${tokens.lab}` },
    })
    assert.equal(toLab.status, 204, toLab.text)
    const { results } = await lab.query('SELECT count(v) FROM data..w')
    assert.ok(results[0]?.series)
  })
})
