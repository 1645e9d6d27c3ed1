/** Single sign-on and one-time links on two nodes with PostgreSQL and Redis: begun at one node, finished at the other, once. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { type Node, prepareNode } from '../../cluster/node.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { answerTo, type Jar, jarHeader, keep, tokenClaims } from '../single-sign-on/oidc-world.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic, type Received, send } from '../support/http.ts'
import { CLIENT_ID, CLIENT_SECRET, startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'
import { secretOfLink } from '../support/smtp.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'
const PASSWORD = 'correct horse 1'
const LOGOUT = { 'http://schemas.openid.net/event/backchannel-logout': {} }
/** The shortest that the settings allow. */
const REFRESH = '10s'

suite('single sign-on on two nodes', { skip, timeout: 180_000 }, () => {
  let cluster: Cluster
  let urls: string[]
  let issuer: TestIssuer
  let operator: Record<string, string>
  let orgID: string

  const at = (node: number) => urls[node] ?? ''
  const post = (node: number, path: string, json: unknown, headers: Record<string, string> = {}) =>
    send(at(node), { method: 'POST', path, headers, body: JSON.stringify(json) })
  const counts = (answers: readonly Received[], status: number) =>
    answers.filter((each) => each.status === status).length
  const locationOf = ({ headers }: Received) => headers.location

  before(async () => {
    const keyFile = join(temporaryFolder(), 'keys')
    writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`)
    issuer = await startIssuer()
    const flags = [
      ...['--log-level', 'warn', '--public-url', 'https://sluice.corp.test', '--secret-key-file', keyFile],
      ...['--oidc-issuer', issuer.url, '--oidc-name', 'corp', '--oidc-refresh', REFRESH],
      ...['--oidc-client-id', CLIENT_ID, '--oidc-client-secret', CLIENT_SECRET],
      ...['--oidc-group-roles', 'dev=analytics:member'],
    ]
    cluster = await startCluster({ nodes: 2, port: false, durable: false, flags })
    urls = cluster.nodes.map(({ url }) => url)
    const first = { username: 'ada', password: PASSWORD, org: 'analytics', bucket: 'engine' }
    const setup = await post(0, '/api/v2/setup', first)
    assert.equal(setup.status, 201, setup.text)
    operator = { authorization: `Token ${setup.json.auth.token}` }
    orgID = setup.json.org.id
  })
  after(async () => {
    await cluster?.stop()
    await issuer?.stop()
  })

  async function begin(node: number, jar: Jar): Promise<URLSearchParams> {
    const begun = await post(node, '/api/v2/signin/oidc/corp', {}, { cookie: jarHeader(jar) })
    assert.equal(begun.status, 200, begun.text)
    keep(jar, begun)
    return new URL(begun.json.url).searchParams
  }

  const comeBack = (node: number, jar: Jar, asked: URLSearchParams) =>
    send(at(node), {
      ...{ method: 'GET', path: `/api/v2/signin/oidc/corp/callback${answerTo(issuer, asked)}` },
      headers: { cookie: jarHeader(jar) },
    })

  function answersWith(asked: URLSearchParams, claims: object, more: object = {}): void {
    issuer.token = async () => ({
      body: {
        ...{ access_token: 'a', token_type: 'Bearer', ...more },
        id_token: await issuer.sign(tokenClaims(issuer, asked, { groups: ['dev'], ...claims })),
      },
    })
  }

  async function enter(claims: object, more: object = {}): Promise<Jar> {
    const jar: Jar = new Map()
    const asked = await begin(0, jar)
    answersWith(asked, claims, more)
    const back = await comeBack(1, jar, asked)
    assert.equal(locationOf(back), '/', back.text)
    keep(jar, back)
    return jar
  }

  const statusAt = async (node: number, jar: Jar) =>
    (await send(at(node), { method: 'GET', path: '/api/v2/me', headers: { cookie: jarHeader(jar) } })).status

  test('a sign-in begun at one node ends at the other, and its session works on both', async () => {
    const jar = await enter({ sub: 'one', preferred_username: 'one' })
    assert.deepEqual([await statusAt(0, jar), await statusAt(1, jar)], [200, 200])
  })

  test('one answer of the provider, brought to both nodes at once, starts one session', async () => {
    const jar: Jar = new Map()
    const asked = await begin(0, jar)
    answersWith(asked, { sub: 'one', preferred_username: 'one' })
    const sent = issuer.forms.length
    const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((node) => comeBack(node, jar, asked)))
    const places = answers.map(locationOf).toSorted()
    assert.deepEqual(places, ['/', ...Array(5).fill('/signin?problem=expired')])
    assert.equal(issuer.forms.length - sent, 1, 'a code was sent to the provider twice')
  })

  test('a logout at the provider, told to one node, ends the sessions on the other at once, and counts once', async () => {
    const [mine, others] = [
      await enter({ sub: 'two', preferred_username: 'two', sid: 's-1' }),
      await enter({ sub: 'two', preferred_username: 'two', sid: 's-2' }),
    ]
    // Both nodes know both sessions.
    for (const jar of [mine, others]) {
      assert.deepEqual([await statusAt(0, jar), await statusAt(1, jar)], [200, 200])
    }
    const seconds = Math.floor(Date.now() / 1000)
    const logout = async (more: object) => {
      const token = await issuer.sign({
        ...{ iss: issuer.url, aud: CLIENT_ID, iat: seconds, exp: seconds + 100, sub: 'two' },
        ...{ jti: randomBytes(8).toString('hex'), events: LOGOUT, ...more },
      })
      const body = new URLSearchParams({ logout_token: token }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const path = '/api/v2/signin/oidc/corp/backchannel-logout'
      return (node: number) => send(at(node), { method: 'POST', path, headers, body })
    }
    const ofOne = await logout({ sid: 's-1' })
    const told = await Promise.all([0, 1, 0, 1].map(ofOne))
    assert.deepEqual([counts(told, 200), counts(told, 400)], [1, 3])
    assert.deepEqual([await statusAt(1, mine), await statusAt(0, mine)], [401, 401])
    assert.deepEqual([await statusAt(1, others), await statusAt(0, others)], [200, 200])
    assert.equal((await (await logout({}))(0)).status, 200)
    assert.deepEqual([await statusAt(1, others), await statusAt(0, others)], [401, 401])
  })

  test('each refresh token goes to the provider from one node only', async () => {
    const people = Array.from({ length: 12 }, (_, index) => `refreshed-${index}`)
    for (const name of people) {
      await enter({ sub: name, preferred_username: name }, { refresh_token: `${name} 0` })
    }
    const used = new Map<string, number>()
    issuer.token = async (form) => {
      const token = form.get('refresh_token') ?? ''
      used.set(token, (used.get(token) ?? 0) + 1)
      const [name = '', turn = '0'] = token.split(' ')
      // Long enough for the other node to look meanwhile.
      await sleep(50)
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: issuer.url, aud: CLIENT_ID, sub: name, iat: now, exp: now + 300 }
      return {
        body: {
          ...{ access_token: 'a', token_type: 'Bearer', refresh_token: `${name} ${Number(turn) + 1}` },
          id_token: await issuer.sign({ ...claims, preferred_username: name, groups: ['dev'] }),
        },
      }
    }
    const until = Date.now() + 60_000
    // Every person twice: so the second time began with the token of the first, whichever node had it.
    const isDone = () => people.every((name) => used.has(`${name} 0`) && used.has(`${name} 1`))
    while (!isDone() && Date.now() < until) await sleep(200)
    assert.ok(isDone(), `${[...used.keys()]}`)
    const twice = [...used].filter(([, times]) => times > 1)
    assert.deepEqual(twice, [])
  })

  test('one-time links made at one node count at the other, once', async () => {
    const made = await post(0, `/api/v2/orgs/${orgID}/invitations`, { role: 'member' }, operator)
    assert.equal(made.status, 201, made.text)
    const invitation = secretOfLink(made.json.link)
    assert.equal((await post(1, '/api/v2/signin/link', { token: invitation })).status, 200)
    const accepted = await Promise.all(
      [1, 0, 1, 0].map((node, index) =>
        post(node, '/api/v2/signin/invitation', {
          ...{ token: invitation, name: `guest-${index}`, password: 'a fine new horse' },
        }),
      ),
    )
    assert.deepEqual([counts(accepted, 201), counts(accepted, 401)], [1, 3])
    const users = (await send(at(0), { method: 'GET', path: '/api/v2/users', headers: operator })).json.users
    assert.equal(users.filter(({ name }: { name: string }) => name.startsWith('guest-')).length, 1)

    const { id, name } = users.find((each: { name: string }) => each.name.startsWith('guest-'))
    const reset = await post(0, `/api/v2/users/${id}/password-link`, {}, operator)
    assert.equal(reset.status, 201, reset.text)
    const token = secretOfLink(reset.json.link)
    const passwords = [0, 1, 2, 3].map((index) => `password number ${index}`)
    const set = await Promise.all(
      passwords.map((password, index) =>
        post(1 - (index % 2), '/api/v2/signin/new-password', { token, password }),
      ),
    )
    assert.deepEqual([counts(set, 204), counts(set, 401)], [1, 3])
    const right = passwords[set.findIndex(({ status }) => status === 204)] ?? ''
    const entered = await Promise.all(
      [0, 1].map((node) => post(node, '/api/v2/signin', undefined, { authorization: basic(name, right) })),
    )
    assert.deepEqual(
      entered.map(({ status }) => status),
      [204, 204],
    )
  })

  test('a node that starts without the provider ends its sessions on all nodes', async () => {
    const jar = await enter({ sub: 'three', preferred_username: 'three' })
    assert.equal(await statusAt(0, jar), 200)
    const { redis, postgres } = cluster
    const sentinels = redis.sentinelPorts.map((port) => `127.0.0.1:${port}`).join(',')
    const other: Node = await prepareNode(cluster.folder, {
      name: 'without-provider',
      flags: [
        ...['--log-level', 'warn', '--store', 'postgres', '--session-store', 'redis'],
        ...['--redis-sentinel-master', redis.name, '--redis-sentinels', sentinels],
        ...['--redis-wait-replicas', '1'],
      ],
      env: { SLUICE_POSTGRES_URL: postgres.url },
    })
    await other.start()
    try {
      assert.deepEqual([await statusAt(0, jar), await statusAt(1, jar)], [401, 401])
      const { json } = await send(at(0), {
        method: 'GET',
        path: `/api/v2/orgs/${orgID}/members`,
        headers: operator,
      })
      assert.ok(!json.users.some(({ name }: { name: string }) => name === 'three'))
    } finally {
      await other.stop()
    }
  })
})
