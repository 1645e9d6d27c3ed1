/** Second factors on two nodes with PostgreSQL and Redis: codes work once, and wrong ones are counted, on both together. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { createAuthenticator } from '../support/authenticator.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { codeAt, enrolApp, pendingCookie } from '../support/second-factor.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'
const PASSWORD = 'correct horse 1'
const ORIGIN = 'https://sluice.corp.test'

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
    const factors = ['--second-factor', 'offered', '--public-url', ORIGIN, '--guess-pair-free', '12']
    const flags = ['--log-level', 'warn', ...factors]
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

  test('a passkey answers one node to the challenge of another, and starts one session', async () => {
    const post = (node: number, path: string, cookie: string, json?: object) =>
      send(urls[node] ?? '', {
        ...{ method: 'POST', path, headers: { cookie } },
        body: json === undefined ? undefined : JSON.stringify(json),
      })
    const entered = await goOn(1, pendingCookie(await signIn(0)), app.recoveryCodes[3] ?? '')
    const session = cookieOf(entered)
    const device = createAuthenticator({ origin: ORIGIN, rpId: 'sluice.corp.test' })
    const begun = await post(0, '/api/v2/me/passkeys/challenge', session)
    const { publicKey, enrolment } = begun.json
    const passkey = device.create(publicKey)
    const made = await Promise.all(
      [0, 1, 0, 1].map((node) =>
        post(node, '/api/v2/me/passkeys', session, { name: 'key', enrolment, passkey }),
      ),
    )
    assert.deepEqual([counts(made, 201), counts(made, 400)], [1, 3])

    const asked = await post(0, '/api/v2/signin/passkey/challenge', '')
    const [waiting = ''] = asked.headers['set-cookie'] ?? []
    const answer = { passkey: device.get(asked.json.publicKey) }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        post(index % 2, '/api/v2/signin/passkey', waiting.split(';')[0] ?? '', answer),
      ),
    )
    assert.deepEqual([counts(answers, 204), counts(answers, 401)], [1, 5])
    // Two right answers with the same counter: only one of two keys that are copies of each other gets in.
    const twins = await Promise.all(
      [0, 1].map(async (node) => {
        const other = await post(node, '/api/v2/signin/passkey/challenge', '')
        const [cookie = ''] = other.headers['set-cookie'] ?? []
        const copied = { passkey: device.get(other.json.publicKey, { counter: 100 }) }
        return post(1 - node, '/api/v2/signin/passkey', cookie.split(';')[0] ?? '', copied)
      }),
    )
    assert.deepEqual([counts(twins, 204), counts(twins, 401)], [1, 1])
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
