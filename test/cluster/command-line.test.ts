/** Signing in on the command line on two nodes with PostgreSQL and Redis: what is begun on one goes on at the other, once. */
import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'
const PASSWORD = 'correct horse 1'

suite('a command line on two nodes', { skip, timeout: 150_000 }, () => {
  let cluster: Cluster
  let urls: string[]
  let cookie: string

  const post = (node: number, path: string, json: object, headers: Record<string, string> = {}) =>
    send(urls[node] ?? '', { method: 'POST', path, headers, body: JSON.stringify(json) })
  const decide = (node: number, how: 'approve' | 'deny', which: object) =>
    post(node, `/api/v2/me/command-line/${how}`, which, { cookie })
  const counts = (answers: readonly Received[], status: number) =>
    answers.filter((each) => each.status === status).length
  /** Six times at once, on both nodes in turn. */
  const onBoth = (act: (node: number) => Promise<Received>) =>
    Promise.all(Array.from({ length: 6 }, (_, index) => act(index % 2)))
  const meStatuses = (token: string) =>
    Promise.all(
      urls.map(async (url) => {
        const headers = { authorization: `Token ${token}` }
        return (await send(url, { method: 'GET', path: '/api/v2/me', headers })).status
      }),
    )

  before(async () => {
    cluster = await startCluster({ nodes: 2, port: false, durable: false, flags: ['--log-level', 'warn'] })
    urls = cluster.nodes.map(({ url }) => url)
    await post(0, '/api/v2/setup', { username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' })
    cookie = cookieOf(await post(0, '/api/v2/signin', {}, { authorization: basic('ada', PASSWORD) }))
  })
  after(() => cluster?.stop())

  test('a code brought to both nodes at once gives one token, which works on both', async () => {
    const verifier = randomBytes(32).toString('base64url')
    const asked = { host: 'laptop', redirectUri: 'http://127.0.0.1:49152/', state: 's'.repeat(43) }
    const challenge = hash('sha256', verifier, 'base64url')
    const begun = await post(0, '/api/v2/signin/command-line', { ...asked, challenge })
    const request = new URL(begun.json.url, urls[0]).searchParams.get('request') ?? ''
    const decisions = await onBoth((node) => decide(node, 'approve', { request }))
    assert.deepEqual([counts(decisions, 200), counts(decisions, 400)], [1, 5])
    const { url } = decisions.find(({ status }) => status === 200)?.json ?? {}
    const code = new URL(url).searchParams.get('code') ?? ''
    const answers = await onBoth((node) =>
      post(node, '/api/v2/signin/command-line/token', { code, verifier }),
    )
    assert.deepEqual([counts(answers, 200), counts(answers, 400)], [1, 5])
    const { token } = answers.find(({ status }) => status === 200)?.json ?? {}
    assert.deepEqual(await meStatuses(token), [200, 200])
    const headers = { authorization: `Token ${token}` }
    assert.equal(
      (await send(urls[1] ?? '', { method: 'DELETE', path: '/api/v2/me/token', headers })).status,
      204,
    )
    assert.deepEqual(await meStatuses(token), [401, 401])
  })

  test('a device that asks one node is approved at the other, and gets one token', async () => {
    const { device_code, user_code: userCode } = (await post(0, '/api/v2/signin/device', { host: 'server' }))
      .json
    const poll = (node: number) => post(node, '/api/v2/signin/device/token', { device_code })
    assert.equal((await poll(1)).json.error, 'authorization_pending')
    assert.equal((await poll(0)).json.error, 'slow_down')
    const decisions = await onBoth((node) => decide(node, node === 0 ? 'approve' : 'deny', { userCode }))
    assert.deepEqual([counts(decisions, 200), counts(decisions, 400)], [1, 5])
    const answers = await onBoth(poll)
    const isApproved = counts(answers, 200) === 1
    const errors = answers.map(({ json }) => json.error).filter(Boolean)
    assert.equal(errors.filter((error) => error === 'expired_token').length, 5)
    assert.equal(errors.includes('access_denied'), !isApproved)
  })

  test('guesses of codes are counted on both nodes together', async () => {
    const guess = (node: number) =>
      post(node, '/api/v2/me/command-line', { userCode: 'BBBB-BBBB' }, { cookie })
    const statuses: number[] = []
    for (let tries = 0; tries < 60 && statuses.at(-1) !== 429; tries += 1) {
      statuses.push((await guess(tries % 2)).status)
    }
    assert.equal(statuses.at(-1), 429)
    assert.ok(statuses.length <= 31, `${statuses.length}`)
    assert.equal((await guess(0)).status, 429)
    assert.equal((await guess(1)).status, 429)
  })
})
