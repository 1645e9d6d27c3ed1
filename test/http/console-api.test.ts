/** API features for the console that the scenarios and the matrix of roles do not cover. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

let server: SetUpServer
before(async () => {
  server = await startSetUp(['--guess-pair-free', '1', '--session-remember-length', '0'])
})
after(() => server.stop())

test('refusals carry the request id, as in the audit log; other responses do not', async () => {
  const refused = await server.signIn('ada', 'wrong')
  const requestID = refused.headers['x-request-id']
  assert.match(String(requestID), /^\w+-\w+$/)
  const { json, headers } = await server.ask('GET', '/api/v2/audit?event=signin&outcome=refused')
  assert.equal(json.events[0].requestId, requestID)
  assert.equal(headers['x-request-id'], undefined)
})

test('the overview lists throttled addresses and counts sign-ins by outcome', async () => {
  assert.equal((await server.signIn('ada', 'wrong')).status, 429)
  const { json } = await server.ask('GET', '/api/v2/overview')
  assert.deepEqual(
    json.throttled.map(({ address, scope }: { address: string; scope: string }) => [address, scope]),
    [['127.0.0.1', 'pair']],
  )
  assert.ok(Date.parse(json.throttled[0].until) > Date.now())
  const total = (outcome: string) =>
    json.signIns.points.reduce((sum: number, point: Record<string, number>) => sum + (point[outcome] ?? 0), 0)
  assert.deepEqual([total('success'), total('refused'), total('throttled')], [0, 1, 1])
  assert.deepEqual([json.status, json.store, json.users, json.organizations], ['pass', 'memory', 1, 1])
})

test('the feature flags report what is disabled', async () => {
  const { json } = await server.ask('GET', '/api/v2/features', undefined, {})
  assert.equal(json.rememberSeconds, 0)
})

test('users are searched and counted only on request', async () => {
  await server.ask('POST', '/api/v2/users', { name: 'Grace' })
  const names = async (query: string) => {
    const { json } = await server.ask('GET', `/api/v2/users${query}`)
    return [json.users.map(({ name }: { name: string }) => name), json.total]
  }
  assert.deepEqual(await names(''), [['ada', 'Grace'], undefined])
  assert.deepEqual(await names('?search=RAC'), [['Grace'], undefined])
  assert.deepEqual(await names('?count=true&limit=1&offset=1'), [['Grace'], 2])
  assert.deepEqual(await names('?search=nobody&count=true'), [[], 0])
})

test('users are filtered and shown with details on request, organizations with counts', async () => {
  const { json } = await server.ask('GET', '/api/v2/users?details=true&operator=true')
  const [ada] = json.users
  assert.equal(ada.name, 'ada')
  assert.deepEqual(ada.details.organizations, [{ id: server.orgID, name: 'analytics', role: 'owner' }])
  assert.equal(ada.details.operator, true)
  const names = async (query: string) =>
    (await server.ask('GET', `/api/v2/users?${query}`)).json.users.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(`orgID=${server.orgID}`), ['ada'])
  assert.deepEqual(await names('operator=false'), ['Grace'])
  assert.deepEqual(await names('status=inactive'), [])
  for (const query of ['status=gone', 'operator=maybe', 'orgID=x']) {
    assert.equal((await server.ask('GET', `/api/v2/users?${query}`)).status, 400, query)
  }
  const { json: found } = await server.ask('GET', '/api/v2/orgs?counts=true')
  assert.deepEqual(found.orgs[0].counts, { members: 1, buckets: 3, tokens: 1 })
})
