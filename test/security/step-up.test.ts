/**
 * The actions in `POWERFUL_ACTS` require a recent sign-in from sessions, and never from tokens (ASVS 5.0 7.5.1, 7.5.3).
 * An action without a request in this file does not compile.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { withPowerfulActs } from '../../scripts/powerful-acts-table.ts'
import { POWERFUL_ACTS, type PowerfulAct } from '../../src/domain/access/powerful-acts.ts'
import { type Attacked, cookie, MINUTE, startAttacked } from './attack.ts'

const NEW = 'another horse 2'

let server: Attacked
let stale: { cookie: string }
let n = 0

before(async () => {
  // A mail server that is not there: mail is sent after the answer.
  const mail = ['--smtp-url', 'smtp://127.0.0.1:1', '--smtp-from', 'sluice@example.com']
  const publicUrl = ['--public-url', 'http://127.0.0.1']
  server = await startAttacked('--second-factor', 'offered', ...mail, ...publicUrl)
  stale = await server.session()
  server.pass(9 * MINUTE)
  await server.ask('GET', '/api/v2/me', undefined, stale)
  server.pass(MINUTE)
})
after(() => server.stop())

type Ask = readonly [method: string, path: string, json?: object]

/** The resources for one attempt at an action, created for each attempt. */
async function makeTargets() {
  n += 1
  const made = async (...[method, path, json]: Ask) => {
    const received = await server.ask(method, path, json)
    assert.ok(received.status < 300, received.text)
    return received.json
  }
  const user = async (name: string) => server.addUser(`${name} ${n}`)
  const [owner, member, stranger, inactive] = [
    await user('owner'),
    await user('member'),
    await user('stranger'),
    await user('inactive'),
  ]
  const org = (await made('POST', '/api/v2/orgs', { name: `org ${n}` })).id
  const bucket = (await made('POST', '/api/v2/buckets', { orgID: org, name: 'b' })).id
  for (const place of [`orgs/${org}`, `buckets/${bucket}`]) {
    await made('POST', `/api/v2/${place}/owners`, { id: owner })
    await made('POST', `/api/v2/${place}/members`, { id: member })
  }
  await made('PATCH', `/api/v2/users/${inactive}`, { status: 'inactive' })
  const permissions = [{ action: 'write', resource: { type: 'authorizations', orgID: org } }]
  const powerful = (await made('POST', '/api/v2/authorizations', { orgID: org, permissions })).id
  const another = async (more: object) =>
    (await made('POST', '/api/v2/authorizations', { orgID: org, permissions, ...more })).id
  const off = await another({ status: 'inactive' })
  const ending = await another({ expiresAt: '2100-01-01T00:00:00Z' })
  return { owner, member, stranger, inactive, org, bucket, powerful, off, ending }
}

type Targets = Awaited<ReturnType<typeof makeTargets>>

const write = (type: string, more = {}) => ({ action: 'write', resource: { type, ...more } })

const REQUESTS: Readonly<Record<PowerfulAct, (targets: Targets) => Ask[]>> = {
  'password.set': ({ member }) => [
    ['POST', `/api/v2/users/${member}/password`, { password: NEW }],
    ['POST', `/api/v2/users/${server.userID}/password`, { password: 'correct horse 1' }],
  ],
  'password.link': ({ member }) => [['POST', `/api/v2/users/${member}/password-link`, {}]],
  'email.set': ({ member }) => [
    ['PUT', `/api/v2/users/${member}/email`, { address: 'ada@example.com' }],
    ['PUT', `/api/v2/users/${server.userID}/email`, { address: 'ada@example.com' }],
    ['DELETE', `/api/v2/users/${member}/email`],
  ],
  'invitation.create': ({ org }) => [['POST', `/api/v2/orgs/${org}/invitations`, { role: 'member' }]],
  'user.delete': ({ owner, stranger }) => [
    ['DELETE', `/api/v2/users/${owner}`],
    ['DELETE', `/api/v2/users/${stranger}`],
  ],
  'user.status': ({ owner, stranger, inactive }) => [
    ['PATCH', `/api/v2/users/${owner}`, { status: 'inactive' }],
    ['PATCH', `/api/v2/users/${stranger}`, { status: 'inactive' }],
    ['PATCH', `/api/v2/users/${inactive}`, { status: 'active' }],
  ],
  'user.rename': ({ member }) => [['PATCH', `/api/v2/users/${member}`, { name: `another name ${n}` }]],
  'owner.add': ({ org, bucket, stranger }) => [
    ['POST', `/api/v2/orgs/${org}/owners`, { id: stranger }],
    ['POST', `/api/v2/buckets/${bucket}/owners`, { id: stranger }],
  ],
  'owner.remove': ({ org, bucket, owner }) => [
    ['DELETE', `/api/v2/orgs/${org}/owners/${owner}`],
    // The members path removes an owner too.
    ['DELETE', `/api/v2/buckets/${bucket}/members/${owner}`],
  ],
  'role.change': ({ org, bucket, owner, member }) => [
    ['PATCH', `/api/v2/orgs/${org}/members/${member}`, { role: 'owner' }],
    ['PATCH', `/api/v2/orgs/${org}/members/${owner}`, { role: 'member' }],
    ['PATCH', `/api/v2/buckets/${bucket}/members/${member}`, { role: 'owner' }],
  ],
  'organization.delete': ({ org }) => [['DELETE', `/api/v2/orgs/${org}`]],
  'sessions.end': ({ member }) => [
    ['DELETE', `/api/v2/users/${member}/sessions`],
    ['DELETE', '/api/v2/sessions'],
  ],
  'token.create': ({ org }) =>
    [
      [write('users'), write('authorizations')],
      [write('buckets', { orgID: org }), write('authorizations', { orgID: org })],
      [{ action: 'read', resource: { type: 'buckets' } }],
    ].map((permissions): Ask => ['POST', '/api/v2/authorizations', { orgID: org, permissions }]),
  'token.activate': ({ off }) => [['PATCH', `/api/v2/authorizations/${off}`, { status: 'active' }]],
  'token.rotate': ({ powerful }) => [['POST', `/api/v2/authorizations/${powerful}/rotate`]],
  'token.prolong': ({ ending }) => [['PATCH', `/api/v2/authorizations/${ending}`, { expiresAt: 'never' }]],
  'throttled.release': ({ member }) => [
    ['POST', '/api/v2/throttled/release', { scope: 'pair', address: '192.0.2.1', userID: member }],
  ],
  'factor.add': () => [['POST', '/api/v2/me/second-factors/totp']],
  'factor.remove': () => [['DELETE', '/api/v2/me/second-factors/0000000000000009']],
  'factor.reset': ({ member }) => [['DELETE', `/api/v2/users/${member}/second-factors`]],
  'factor.policy': ({ org }) => [['PUT', `/api/v2/orgs/${org}/second-factor`, { requiredFor: 'nobody' }]],
  'recovery-codes.create': () => [['POST', '/api/v2/me/recovery-codes']],
  'application-password.create': () => [
    ['POST', '/api/v2/me/application-passwords', { name: `old client ${n}` }],
  ],
  'identity.link': ({ member }) => [
    [
      'POST',
      `/api/v2/users/${member}/identities`,
      { provider: 'corp', issuer: 'https://id.test', subject: `${n}` },
    ],
  ],
  'identity.unlink': ({ member }) => [['DELETE', `/api/v2/users/${member}/identities/0000000000000009`]],
  'tokens.switch-on': ({ member }) => [['POST', `/api/v2/users/${member}/switched-off-tokens/switch-on`]],
  'command-line.approve': () => [['POST', '/api/v2/me/command-line/approve', { userCode: 'BBBB-BBBB' }]],
  'upstream.repair': () => [['POST', '/api/v2/upstream/repair', { from: 'here' }]],
}

/**
 * The status for a recent session of what cannot succeed here: these servers have no InfluxDB behind them and throttle
 * nobody, and nobody has a second factor.
 */
const OTHERWISE: Readonly<Partial<Record<PowerfulAct, number>>> = {
  'throttled.release': 404,
  'upstream.repair': 404,
  'factor.remove': 404,
  'identity.unlink': 404,
  'recovery-codes.create': 422,
  'command-line.approve': 400,
}
/** What no token may do. */
const SESSIONS_ONLY: ReadonlySet<PowerfulAct> = new Set([
  'factor.add',
  'factor.remove',
  'recovery-codes.create',
  'application-password.create',
  'command-line.approve',
])

/** Everything that an action of the table could change, as the operator sees it. */
async function state({ org, bucket }: Targets): Promise<string> {
  const paths = [
    'users?limit=100',
    'authorizations',
    `orgs/${org}`,
    `orgs/${org}/owners`,
    `orgs/${org}/members`,
  ]
  const places = [...paths, `buckets/${bucket}/owners`, `buckets/${bucket}/members`]
  const seen = []
  for (const path of places) seen.push((await server.ask('GET', `/api/v2/${path}`)).text)
  return seen.join('\n')
}

for (const act of Object.keys(POWERFUL_ACTS) as PowerfulAct[]) {
  describe(act, () => {
    test('is refused for a session that is ten minutes old, without effect', async () => {
      const targets = await makeTargets()
      const before = await state(targets)
      for (const [method, path, json] of REQUESTS[act](targets)) {
        const received = await server.ask(method, path, json, stale)
        assert.deepEqual([received.status, received.json.code], [403, 'forbidden'], received.text)
        assert.match(received.json.message, /sign in again/)
      }
      assert.equal(await state(targets), before)
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, stale)).status, 200)
    })

    test('is done for a recent session, and for a token unless it is about how its user signs in', async () => {
      for (const who of ['session', 'token']) {
        const targets = await makeTargets()
        for (const [method, path, json] of REQUESTS[act](targets)) {
          // The stale session's cookie must not be sent: the sign-in would end it.
          const headers = who === 'session' ? cookie(await server.enter()) : server.operator
          const received = await server.ask(method, path, json, headers)
          if (who === 'token' && SESSIONS_ONLY.has(act)) {
            assert.equal(received.headers['x-sluice-reason'], 'session-needed')
            continue
          }
          const status = OTHERWISE[act]
          const isDone = status === undefined ? received.status < 300 : received.status === status
          assert.ok(isDone, `${who}: ${received.text}`)
        }
      }
      if (act !== 'sessions.end' && act !== 'password.set') return
      // These actions ended the stale session too.
      stale = cookie(await server.enter())
      server.pass(9 * MINUTE)
      await server.ask('GET', '/api/v2/me', undefined, stale)
      server.pass(MINUTE)
    })
  })
}

test('less powerful actions are not refused', async () => {
  const { org, stranger, member, powerful } = await makeTargets()
  const narrow = { orgID: org, permissions: [write('buckets', { orgID: org })] }
  const asks: Ask[] = [
    ['POST', '/api/v2/authorizations', narrow],
    ['POST', `/api/v2/orgs/${org}/members`, { id: stranger }],
    ['DELETE', `/api/v2/orgs/${org}/members/${member}`],
    ['PATCH', `/api/v2/authorizations/${powerful}`, { status: 'inactive' }],
    ['DELETE', `/api/v2/authorizations/${powerful}`],
  ]
  for (const [method, path, json] of asks) {
    const received = await server.ask(method, path, json, stale)
    assert.ok(received.status < 300, `${method} ${path}: ${received.text}`)
  }
})

test('a session just within the limit is not refused', async () => {
  const fresh = await server.session()
  const { org } = await makeTargets()
  server.pass(10 * MINUTE - 1)
  assert.equal((await server.ask('DELETE', `/api/v2/orgs/${org}`, undefined, fresh)).status, 204)
})

test('with 0 no session is refused', async () => {
  const lax = await startAttacked('--session-fresh-length', '0')
  try {
    const session = await lax.session()
    lax.pass(9 * MINUTE)
    await lax.ask('GET', '/api/v2/me', undefined, session)
    lax.pass(9 * MINUTE)
    const path = `/api/v2/users/${lax.userID}/password`
    assert.equal((await lax.ask('POST', path, { password: NEW }, session)).status, 204)
  } finally {
    await lax.stop()
  }
})

test('the documents list the same actions', () => {
  const document = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
  assert.ok(document === withPowerfulActs(document), 'docs/security.md is out of date; run `npm run docs`')
})
