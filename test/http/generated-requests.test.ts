/**
 * Whatever is sent, the server answers by the documented schema and keeps running. A failure prints its seed;
 * `TEST_SEED=... TEST_RUNS=...` repeats it or runs more.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { STATUS_OF } from '../../src/http/request/errors.ts'
import { fillIn } from '../conformance/matching.ts'
import { createBodyChecker, findOperation, type OpenApi, operationsOf } from '../conformance/openapi.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { arbitraryRequest, type GeneratedRequest } from './arbitrary-request.ts'

const RUNS = Number(process.env.TEST_RUNS ?? 1000)
const SEED = process.env.TEST_SEED

const MANY_REFUSALS = ['pair-free', 'user-limit', 'address-limit'].flatMap((name) => [
  `--guess-${name}`,
  '1000000',
])

let server: RunningServer
let document: OpenApi
let operator: { authorization: string }
let session: { cookie: string }
/** The resources that requests may change and delete, without the operator and their token. */
const ids = new Map<string, string>()

before(async () => {
  server = await startServer(['--log-level', 'warn', ...MANY_REFUSALS])
  const first = { username: 'ada', password: 'correct horse 1', org: 'o', bucket: 'b' }
  operator = { authorization: `Token ${(await request('POST', '/api/v2/setup', first)).json.auth.token}` }
  document = (await request('GET', '/api/v2/openapi.json')).json
  await makeWhatIsMissing()
  session = await signIn()
})
after(() => server.stop())

function request(method: string, path: string, json?: unknown): Promise<Received> {
  return send(server.url, {
    method,
    path,
    headers: operator,
    ...(json ? { body: JSON.stringify(json) } : {}),
  })
}

/** Recreates deleted resources, so that requests always find some. */
async function makeWhatIsMissing(): Promise<void> {
  const orgID = '{{org}}'
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  for (const [name, path, json] of [
    ['org', 'orgs', { name: `org ${Math.random()}` }],
    ['user', 'users', { name: `user ${Math.random()}` }],
    ['bucket', 'buckets', { name: `bucket ${Math.random()}`, orgID }],
    ['authorization', 'authorizations', { orgID, permissions }],
  ] as const) {
    const id = ids.get(name)
    if (id && (await request('GET', `/api/v2/${path}/${id}`)).status === 200) continue
    const made = await request('POST', `/api/v2/${path}`, fillIn<unknown>(json, ids))
    assert.equal(made.status, 201, made.text)
    ids.set(name, made.json.id)
  }
}

async function signIn(): Promise<typeof session> {
  const headers = { authorization: basic('ada', 'correct horse 1') }
  const received = await send(server.url, { method: 'POST', path: '/api/v2/signin', headers })
  assert.equal(received.status, 204, received.text)
  return { cookie: cookieOf(received) }
}

const OAUTH = /^\/api\/v2\/signin\/(?:device|command-line)\/token/

test('every response to any request is as documented', { timeout: 120_000 }, async () => {
  const { check } = createBodyChecker(document)
  const statuses = new Map<number, number>()

  async function answersAsDocumented({ who, body: written, ...generated }: GeneratedRequest): Promise<void> {
    const own = { operator, session, nobody: {} }[who]
    const sent = { ...generated, path: fillIn(generated.path, ids) }
    const body = typeof written === 'string' ? fillIn(written, ids) : written
    const received = await send(server.url, { ...sent, headers: { ...sent.headers, ...own }, body })
    const { status, headers, json, text } = received
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status === 204 && /signout|sessions/.test(sent.path)) session = await signIn()
    if (status === 204 && sent.method === 'DELETE') await makeWhatIsMissing()

    assert.ok(status < 500, `${status} ${text}`)
    assert.equal(headers['x-influxdb-build'], 'OSS')
    assert.match(String(headers['x-influxdb-version']), /^v2\.\d+\.\d+$/)
    if (status >= 400) {
      const code = String(headers['x-platform-error-code'])
      assert.equal(STATUS_OF[code as keyof typeof STATUS_OF], status, code)
      if (sent.method === 'HEAD') return
      assert.equal(headers['content-type'], 'application/json; charset=utf-8')
      assert.equal(check({ $ref: '#/components/schemas/Error' }, json), undefined, text)
      assert.equal(json.code, code)
      assert.notEqual(json.message, '')
      const operation = findOperation(document, sent)?.operation
      assert.ok(!operation || operation.responses[status], `${operation?.operationId}: ${status} ${text}`)
      // Devices read `error` there too (RFC 8628, 3.5).
      const keys = Object.keys(json).filter((key) => key !== 'error' || !OAUTH.test(sent.path))
      assert.deepEqual(keys.sort(), ['code', 'message'])
      return
    }
    const documented = findOperation(document, sent)?.operation.responses[status]
    const [content] = Object.values(documented?.content ?? {})
    if (sent.method === 'HEAD' || status === 204) assert.equal(text, '')
    else assert.equal(content && check(content.schema, json), undefined, text)
  }

  await fc.assert(fc.asyncProperty(arbitraryRequest(operationsOf(document)), answersAsDocumented), {
    numRuns: RUNS,
    ...(SEED ? { seed: Number(SEED) } : {}),
    interruptAfterTimeLimit: 100_000,
  })

  // A property that only ever saw refusals would prove little.
  if (RUNS < 1000) return
  for (const status of [200, 201, 204, 400, 401, 404]) assert.ok(statuses.has(status), `never ${status}`)
})

test('afterwards the server answers and has logged no failure', async () => {
  for (const headers of [operator, session, await signIn()]) {
    const me = await send(server.url, { method: 'GET', path: '/api/v2/me', headers })
    assert.equal(me.status, 200, me.text)
    assert.equal(me.json.name, 'ada')
  }
  for (const path of [
    '/api/v2/users',
    '/api/v2/orgs',
    '/api/v2/buckets?limit=100',
    '/api/v2/authorizations',
    '/health',
  ]) {
    assert.equal((await request('GET', path)).status, 200, path)
  }
  assert.deepEqual(
    server.log.filter((line) => JSON.parse(line).level === 'error'),
    [],
  )
})
