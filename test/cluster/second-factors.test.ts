/** Second factors on two nodes with PostgreSQL and Redis: codes work once, and wrong ones are counted, on both together. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { codeAt, enrolApp, pendingCookie } from '../support/second-factor.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'
const PASSWORD = 'correct horse 1'

suite('second factors on two nodes', { skip, timeout: 150_000 }, () => {
  let cluster: Cluster
  let urls: string[]
  let app: Awaited<ReturnType<typeof enrolApp>>

  const signIn = (node: number, headers = {}) =>
    send(urls[node] ?? '', {
      method: 'POST',
      path: '/api/v2/signin',
      headers: { authorization: basic('ada', PASSWORD), ...headers },
    })
  const goOn = (node: number, pending: string, code: string) =>
    send(urls[node] ?? '', {
      method: 'POST',
      path: '/api/v2/signin/second-factor',
      headers: { cookie: pending },
      body: JSON.stringify({ code }),
    })
  const counts = (answers: readonly Received[], status: number) =>
    answers.filter((each) => each.status === status).length

  before(async () => {
    const flags = ['--log-level', 'warn', '--second-factor', 'offered', '--guess-pair-free', '12']
    cluster = await startCluster({ nodes: 2, port: false, durable: false, flags })
    urls = cluster.nodes.map(({ url }) => url)
    const first = { username: 'ada', password: PASSWORD, org: 'analytics', bucket: 'engine' }
    const body = JSON.stringify(first)
    const setup = await send(urls[0] ?? '', { method: 'POST', path: '/api/v2/setup', body })
    assert.equal(setup.status, 201, setup.text)
    app = await enrolApp(urls[0] ?? '', { cookie: cookieOf(await signIn(0)) })
  })
  after(() => cluster?.stop())

  test('a sign-in begun on one node goes on at the other, and its session works on both', async () => {
    const pending = pendingCookie(await signIn(0))
    const entered = await goOn(1, pending, app.recoveryCodes[0] ?? '')
    assert.equal(entered.status, 204, entered.text)
    const cookie = cookieOf(entered)
    for (const url of urls) {
      const me = await send(url, { method: 'GET', path: '/api/v2/me', headers: { cookie } })
      assert.equal(me.json.name, 'ada')
    }
  })

  test('one code brought to both nodes at once starts one session', async () => {
    const pending = pendingCookie(await signIn(0))
    for (const code of [codeAt(app.secret, Date.now()), app.recoveryCodes[1] ?? '']) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => goOn(index % 2, pending, code)),
      )
      assert.deepEqual([counts(answers, 204), counts(answers, 401)], [1, 5])
    }
  })

  test('wrong codes are counted by both nodes together', async () => {
    const pending = pendingCookie(await signIn(0))
    // A right code clears what the test before left.
    assert.equal((await goOn(1, pending, app.recoveryCodes[2] ?? '')).status, 204)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => goOn(index % 2, pending, '000000')),
    )
    assert.deepEqual([counts(answers, 401), counts(answers, 429)], [12, 8])
  })
})
