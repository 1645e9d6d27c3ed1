/** Two nodes that share PostgreSQL and Redis, in front of one InfluxDB. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { emptyDatabase, withoutPostgres } from '../support/engines/postgres.ts'
import { send } from '../support/http.ts'
import { startUpstream, type Upstream } from '../support/influxd/upstream.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'
import { ownPrefix, sharedRedis, withoutRedis } from '../support/redis.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const skip = withoutPostgres || withoutRedis.skip || false
const DEADLINE_MS = 30_000

interface Minted {
  readonly id: string
  readonly userID: string
  readonly description: string
}

describe('two nodes in front of an InfluxDB', { skip, timeout: 150_000 }, () => {
  let upstream: Upstream
  let first: SetUpServer
  let second: RunningServer
  let startNode: () => Promise<RunningServer>

  before(async () => {
    upstream = await startUpstream({ isSetUp: false })
    const url = await emptyDatabase()
    const { host, port } = await sharedRedis()
    const argv = [
      ...['--store', 'postgres', '--postgres-url', url, '--session-store', 'redis'],
      ...['--redis-url', `redis://${host}:${port}`, '--redis-key-prefix', ownPrefix()],
      ...['--upstream-url', upstream.url, '--upstream-token', upstream.operatorToken],
    ]
    const open = () => openPostgresStore({ url, poolSize: 4, timeoutMs: 10_000 })
    first = await startSetUp(argv, { open })
    startNode = () => startServer(argv, { open })
    second = await startNode()
  })
  after(async () => {
    await second?.stop()
    await first?.stop()
    await upstream?.stop()
  })

  const write = (node: RunningServer, token: string) =>
    send(node.url, {
      ...{ method: 'POST', path: '/api/v2/write?org=analytics&bucket=engine', body: 'm v=1' },
      headers: { authorization: `Token ${token}` },
    })
  const askUpstream = (method: string, path: string, body?: string) =>
    send(upstream.url, {
      ...{ method, path, body },
      headers: { authorization: `Token ${upstream.operatorToken}` },
    })

  async function minted(): Promise<Minted[]> {
    const { json } = await askUpstream('GET', '/api/v2/authorizations')
    return json.authorizations.filter(({ description }: Minted) => description.startsWith('sluice node'))
  }

  async function newWriter(name: string) {
    const { id } = (await first.ask('POST', '/api/v2/users', { name })).json
    await first.ask('POST', `/api/v2/orgs/${first.orgID}/owners`, { id })
    await first.ask('POST', `/api/v2/users/${id}/password`, { password: PASSWORD })
    const session = await first.session(name)
    const body = {
      orgID: first.orgID,
      permissions: [{ action: 'write', resource: { type: 'buckets', orgID: first.orgID } }],
    }
    const made = await first.ask('POST', '/api/v2/authorizations', body, { ...session })
    assert.equal(made.status, 201, made.text)
    return { userID: id as string, id: made.json.id as string, token: made.json.token as string, session }
  }

  test('both forward, each with a token of its own', async () => {
    const { userID, token } = await newWriter('both')
    for (const node of [first, second]) assert.equal((await write(node, token)).status, 204)
    const own = (await minted()).filter((each) => each.userID === userID)
    assert.equal(own.length, 2)
    assert.equal(new Set(own.map(({ description }) => description.split(':')[0])).size, 2)
  })

  test('a change of rights on one counts on the other from the next request', async () => {
    const { id, token } = await newWriter('changing')
    for (let round = 0; round < 5; round += 1) {
      assert.equal((await write(second, token)).status, 204)
      await first.ask('PATCH', `/api/v2/authorizations/${id}`, { status: 'inactive' })
      assert.equal((await write(second, token)).status, 401)
      await first.ask('PATCH', `/api/v2/authorizations/${id}`, { status: 'active' })
    }
    await first.ask('DELETE', `/api/v2/authorizations/${id}`)
    assert.equal((await write(second, token)).status, 401)
  })

  test('a demotion and a deactivation count for sessions on the other', async () => {
    const { userID, session } = await newWriter('demoted')
    const create = async (node: RunningServer) => {
      const body = JSON.stringify({ orgID: first.orgID, name: 'of the demoted' })
      const { status } = await send(node.url, {
        ...{ method: 'POST', path: '/api/v2/dashboards', headers: { ...session }, body },
      })
      return status
    }
    assert.equal(await create(second), 201)
    await first.ask('DELETE', `/api/v2/orgs/${first.orgID}/owners/${userID}`)
    assert.equal(await create(second), 401)
    await first.ask('POST', `/api/v2/orgs/${first.orgID}/owners`, { id: userID })
    assert.equal(await create(second), 201)
    await first.ask('PATCH', `/api/v2/users/${userID}`, { status: 'inactive' })
    assert.equal(await create(second), 401, 'the session has ended')
  })

  test('the other deletes its tokens of a user who was deactivated', async () => {
    const { userID, token } = await newWriter('deactivated')
    for (const node of [first, second]) assert.equal((await write(node, token)).status, 204)
    await first.ask('PATCH', `/api/v2/users/${userID}`, { status: 'inactive' })
    assert.equal((await write(second, token)).status, 403)
    const ofUser = async () => (await minted()).filter((each) => each.userID === userID)
    for (const end = Date.now() + DEADLINE_MS; (await ofUser()).length > 0 && Date.now() < end; )
      await sleep(200)
    assert.deepEqual(await ofUser(), [])
  })

  test('a node that starts or stops leaves the tokens of the other', async () => {
    const { userID, token } = await newWriter('staying')
    assert.equal((await write(first, token)).status, 204)
    const [before] = (await minted()).filter((each) => each.userID === userID)
    assert.ok(before)
    await second.stop()
    second = await startNode()
    assert.equal((await write(second, token)).status, 204)
    // Longer than the new node needs to look for what earlier runs left.
    await sleep(1000)
    assert.ok((await minted()).some(({ id }) => id === before.id))
    assert.equal((await write(first, token)).status, 204)
  })
})
