/** An InfluxDB that is away, slow, starting, refuses the token, or answers nonsense. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { noFaults } from '../support/influxd/core/faults.ts'
import { type Influxd, startInfluxd } from '../support/influxd/influxd.ts'
import { type MirroredServer, startMirrored } from './world.ts'

suite('while the InfluxDB does not do its work', () => {
  let influxd: Influxd
  let server: MirroredServer
  before(async () => {
    influxd = await startInfluxd()
    server = await startMirrored({ ...influxd, isReal: false }, ['--upstream-timeout', '1s'])
    for (const [path, json] of [
      ['/api/v2/users', { name: 'bob' }],
      ['/api/v2/buckets', { orgID: server.orgID, name: 'more' }],
    ] as const) {
      assert.equal((await server.ask('POST', path, json)).status, 201)
    }
  })
  after(async () => {
    await server.stop()
    await influxd.stop()
  })

  /** Everything here that a change could alter. */
  async function state(): Promise<string> {
    const paths = ['users?limit=100', 'orgs?limit=100', 'buckets?limit=100', `orgs/${server.orgID}/members`]
    const seen = []
    for (const path of paths) seen.push((await server.ask('GET', `/api/v2/${path}`)).text)
    return seen.join('\n')
  }

  async function changes(): Promise<[string, string, unknown?][]> {
    const { json: found } = await server.ask('GET', '/api/v2/users?name=bob')
    const { json: list } = await server.ask('GET', '/api/v2/buckets?name=more')
    const [{ id }] = found.users
    const [{ id: bucketID }] = list.buckets
    return [
      ['POST', '/api/v2/users', { name: 'carol' }],
      ['PATCH', `/api/v2/users/${id}`, { name: 'bobby' }],
      ['PATCH', `/api/v2/users/${id}`, { status: 'inactive' }],
      ['DELETE', `/api/v2/users/${id}`],
      ['POST', '/api/v2/orgs', { name: 'second' }],
      ['PATCH', `/api/v2/orgs/${server.orgID}`, { name: 'first' }],
      ['POST', '/api/v2/buckets', { orgID: server.orgID, name: 'new' }],
      ['PATCH', `/api/v2/buckets/${bucketID}`, { name: 'newer' }],
      ['DELETE', `/api/v2/buckets/${bucketID}`],
      ['POST', `/api/v2/orgs/${server.orgID}/members`, { id }],
    ]
  }

  const faults = {
    'drops connections': { dropsConnections: true },
    'is starting': { isStarting: true },
    'answers no HTTP': { nonsense: 'SSH-2.0-OpenSSH_9.2\r\n' },
    'answers a page': { answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' } },
    'refuses the token': {
      answer: { status: 401, headers: {}, body: '{"code":"unauthorized","message":"unauthorized access"}' },
    },
    'is busy': { answer: { status: 429, headers: {}, body: '' } },
  } as const

  for (const [name, fault] of Object.entries(faults)) {
    test(`it ${name}: each change is 503 and changes nothing`, async () => {
      const before = await state()
      const asks = await changes()
      Object.assign(influxd.faults, noFaults(), fault)
      for (const [method, path, json] of asks) {
        const received = await server.ask(method, path, json)
        assert.deepEqual([received.status, received.json.code], [503, 'unavailable'], `${method} ${path}`)
        assert.ok(!received.text.includes('127.0.0.1') && !received.text.includes(influxd.operatorToken))
      }
      Object.assign(influxd.faults, noFaults())
      assert.equal(await state(), before)
    })
  }

  test('it is slow: 503 after upstream-timeout, while others are served', async () => {
    const before = await state()
    Object.assign(influxd.faults, noFaults(), { delayMs: 3000 })
    const start = performance.now()
    const slow = server.ask('POST', '/api/v2/users', { name: 'carol' })
    // The one writer is not held: a change that needs no upstream goes on, and so do reads.
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: server.orgID } }]
    const token = await server.ask('POST', '/api/v2/authorizations', { orgID: server.orgID, permissions })
    assert.equal(token.status, 201)
    assert.ok(performance.now() - start < 900)
    assert.equal((await slow).status, 503)
    Object.assign(influxd.faults, noFaults())
    await server.ask('DELETE', `/api/v2/authorizations/${token.json.id}`)
    assert.equal(await state(), before)
  })

  test('signing in, reading, tokens and passwords go on', async () => {
    Object.assign(influxd.faults, noFaults(), { dropsConnections: true })
    const { json } = await server.ask('GET', '/api/v2/users?name=bob')
    const path = `/api/v2/users/${json.users[0].id}/password`
    assert.equal((await server.ask('POST', path, { password: 'a fine new horse' })).status, 204)
    Object.assign(influxd.faults, noFaults())
  })
})
