/** The cases of sign-in through a provider, and of attacks on it, against a whole server. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { withoutOpenssl, writeAuthority, writeSigned } from '../support/certificate.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic, send } from '../support/http.ts'
import { CLIENT_ID, type Signing, startIssuer } from '../support/oidc/issuer.ts'
import { PASSWORD, startSetUp } from '../support/populate.ts'
import { codeAt, enrolApp } from '../support/second-factor.ts'
import { answerTo, type Jar, jarHeader, keep, type OidcWorld, startOidc, tokenClaims } from './oidc-world.ts'

const MAPPED = [
  ...['--oidc-group-roles', 'influx-admins=lab:owner,dev=lab:member', '--oidc-operator-groups', 'influx-ops'],
]
type Claims = Readonly<Record<string, unknown>>
let people = 0

/** Claims of a person whom no other test has. */
function person(more: Claims = {}): Claims & { sub: string; preferred_username: string } {
  people += 1
  const name = `person-${people}`
  return {
    ...{ sub: `sub-${people}`, preferred_username: name, groups: ['dev'] },
    ...{ email: `${name}@corp.test`, email_verified: true, ...more },
  }
}

function locationOf(received: { status: number; headers: { location?: string | undefined } }) {
  assert.equal(received.status, 303)
  return received.headers.location
}

async function openWorld(argv: readonly string[], options: Parameters<typeof startOidc>[1] = {}) {
  const world = await startOidc(argv, options)
  for (const name of ['lab', 'shop']) await world.server.ask('POST', '/api/v2/orgs', { name })
  return world
}

/** The roles of a user by name, such as `lab member`. */
async function rolesOf({ server }: OidcWorld, name: string): Promise<string[]> {
  const found: string[] = []
  for (const org of (await server.ask('GET', '/api/v2/orgs')).json.orgs) {
    for (const role of ['member', 'owner']) {
      const { users } = (await server.ask('GET', `/api/v2/orgs/${org.id}/${role}s`)).json
      if (users.some((user: { name: string }) => user.name === name)) found.push(`${org.name} ${role}`)
    }
  }
  return found
}

const userNamed = async ({ server }: OidcWorld, name: string) =>
  (await server.ask('GET', `/api/v2/users?name=${name}`)).json.users?.[0]

describe('sign-in through a provider', () => {
  let world: OidcWorld
  before(async () => {
    world = await openWorld(MAPPED)
  })
  after(() => world.stop())
  beforeEach(() => {
    world.issuer.userinfo = undefined
    world.issuer.metadata = {}
  })

  async function enters(claims: Claims, jar: Jar = new Map()) {
    assert.equal(locationOf(await world.signIn(claims, { jar })), '/')
    return jar
  }

  test('oidc-01: the first creates a user and gives what the groups give', async () => {
    const claims = person()
    const jar = await enters(claims)
    assert.equal(await world.whoIs(jar), claims.preferred_username)
    assert.deepEqual(await rolesOf(world, claims.preferred_username), ['lab member'])
  })

  test('the cookies are Lax for the flow and Strict for the session, and the flow cookie ends', async () => {
    const jar: Jar = new Map()
    const asked = await world.begin(jar)
    assert.match(jarHeader(jar), /^influxdb-oss-session-flow-/)
    assert.ok(jarHeader(jar).length < 1024)
    world.issuer.token = async () => ({
      body: {
        ...{ access_token: 'a', token_type: 'Bearer' },
        id_token: await world.issuer.sign(tokenClaims(world.issuer, asked, person())),
      },
    })
    const back = await world.comeBack(jar, answerTo(world.issuer, asked))
    const [flow = '', session = ''] = back.headers['set-cookie'] ?? []
    assert.match(flow, /-flow-[^=]+=; Path=\/api\/v2\/signin\/oidc\/; Max-Age=0; HttpOnly; SameSite=Lax$/)
    assert.match(session, /^influxdb-oss-session=.*HttpOnly; SameSite=Strict$/)
    assert.equal(back.headers['cache-control'], 'no-store')
    assert.equal(back.headers['referrer-policy'], 'no-referrer')
  })

  test('oidc-02: the stronger role counts', async () => {
    const claims = person({ groups: ['dev', 'influx-admins'] })
    await enters(claims)
    assert.deepEqual(await rolesOf(world, claims.preferred_username), ['lab owner'])
  })

  test('oidc-04: a claim that is missing takes everything away', async () => {
    const claims = person({ groups: ['influx-admins'] })
    await enters(claims)
    const rest = { ...claims, groups: undefined }
    world.issuer.userinfo = { sub: claims.sub }
    await enters(rest)
    assert.deepEqual(await rolesOf(world, claims.preferred_username), [])
    assert.ok(world.issuer.asked.includes('/userinfo'))
  })

  test('oidc-05: what was given by hand stays', async () => {
    const claims = person()
    await enters(claims)
    const { orgs } = (await world.server.ask('GET', '/api/v2/orgs?org=shop')).json
    const { id } = await userNamed(world, claims.preferred_username)
    assert.equal((await world.server.ask('POST', `/api/v2/orgs/${orgs[0].id}/owners`, { id })).status, 201)
    await enters({ ...claims, groups: [] })
    assert.deepEqual(await rolesOf(world, claims.preferred_username), ['shop owner'])
  })

  test('oidc-07, oidc-08: one group as a text counts; of a list only the texts', async () => {
    for (const groups of ['dev', [{ name: 'influx-admins' }, 7, null, 'dev']]) {
      const claims = person({ groups })
      await enters(claims)
      assert.deepEqual(await rolesOf(world, claims.preferred_username), ['lab member'])
    }
  })

  test('oidc-11: an operator by group', async () => {
    const jar = await enters(person({ groups: ['influx-ops'] }))
    const overview = { method: 'GET', path: '/api/v2/overview', headers: { cookie: jarHeader(jar) } }
    assert.equal((await send(world.server.url, overview)).status, 200)
  })

  test('oidc-17, oidc-19: a name of another user is refused, whoever has it', async () => {
    const local = await world.signIn(person({ preferred_username: 'ADA' }))
    assert.equal(locationOf(local), '/signin?problem=name-taken')
    const claims = person()
    await enters(claims)
    const other = await world.signIn({ ...claims, sub: 'another subject' })
    assert.equal(locationOf(other), '/signin?problem=name-taken')
  })

  test('oidc-20: somebody renamed at the provider is the same user', async () => {
    const claims = person()
    await enters(claims)
    const jar = await enters({ ...claims, preferred_username: 'renamed', email: 'new@corp.test' })
    assert.equal(await world.whoIs(jar), claims.preferred_username)
  })

  test('oidc-23: without a usable name there is no user', async () => {
    const received = await world.signIn(person({ preferred_username: ' \n' }))
    assert.equal(locationOf(received), '/signin?problem=misconfigured')
  })

  test('a user who is deactivated stays out', async () => {
    const claims = person()
    await enters(claims)
    const { id } = await userNamed(world, claims.preferred_username)
    await world.server.ask('PATCH', `/api/v2/users/${id}`, { status: 'inactive' })
    assert.equal(locationOf(await world.signIn(claims)), '/signin?problem=inactive')
  })

  const forged: Record<string, [string, Claims | (() => Claims), Signing, string]> = {
    'attack-02': [
      'an issuer with a slash more',
      () => ({ iss: `${world.issuer.url}/` }),
      {},
      'refused-by-provider',
    ],
    'attack-03': ['another audience', { aud: 'other' }, {}, 'refused-by-provider'],
    'attack-05': ['the azp of another', { azp: 'other' }, {}, 'refused-by-provider'],
    'attack-06': ['another nonce', { nonce: 'other' }, {}, 'refused-by-provider'],
    'attack-08': ['algorithm none', {}, { alg: 'none' }, 'refused-by-provider'],
    'attack-09': ['HS256 by the secret', {}, { alg: 'HS256', key: 'client-secret' }, 'refused-by-provider'],
    'attack-11': ['an unknown key', {}, { key: 'foreign', kid: 'unknown' }, 'refused-by-provider'],
    'attack-12': ['an expiry in the past', () => ({ iat: seconds(-900), exp: seconds(-600) }), {}, 'clock'],
    'attack-14': ['an issue in the future', () => ({ iat: seconds(600), exp: seconds(900) }), {}, 'clock'],
    'attack-15': ['a time before it counts', () => ({ nbf: seconds(600) }), {}, 'clock'],
    'attack-17': ['the type of an access token', {}, { typ: 'at+jwt' }, 'refused-by-provider'],
  }
  for (const [id, [name, change, signing, problem]] of Object.entries(forged)) {
    test(`${id}: an ID token with ${name} starts no session and makes no user`, async () => {
      const claims = person()
      const jar: Jar = new Map()
      const forgedClaims = { ...claims, ...(typeof change === 'function' ? change() : change) }
      const received = await world.signIn(forgedClaims, { jar, signing })
      assert.equal(locationOf(received), `/signin?problem=${problem}`)
      assert.equal(jar.size, 0)
      assert.equal(await userNamed(world, claims.preferred_username), undefined)
    })
  }

  test('attack-18, attack-20: a state of nobody, and an address that is called again, are too late', async () => {
    const jar: Jar = new Map()
    const asked = await world.begin(jar)
    const kept = new Map(jar)
    const other = await world.comeBack(jar, `?code=c&state=OTHER&iss=${world.issuer.url}`)
    assert.equal(locationOf(other), '/signin?problem=expired')
    world.issuer.token = async () => ({
      body: {
        ...{ access_token: 'a', token_type: 'Bearer' },
        id_token: await world.issuer.sign(tokenClaims(world.issuer, asked, person())),
      },
    })
    const answer = answerTo(world.issuer, asked)
    assert.equal(locationOf(await world.comeBack(new Map(), answer)), '/signin?problem=expired', 'no cookie')
    assert.equal(locationOf(await world.comeBack(jar, answer)), '/')
    assert.equal(locationOf(await world.comeBack(jar, answer)), '/signin?problem=expired')
    assert.equal(locationOf(await world.comeBack(kept, answer)), '/signin?problem=expired', 'a kept cookie')
  })

  test('attack-21: a doubled parameter is refused', async () => {
    const jar: Jar = new Map()
    const asked = await world.begin(jar)
    const received = await world.comeBack(jar, `${answerTo(world.issuer, asked)}&state=${asked.get('state')}`)
    assert.equal(locationOf(received), '/signin?problem=refused-by-provider')
  })

  test('an error of the provider is not shown', async () => {
    const jar: Jar = new Map()
    const asked = await world.begin(jar)
    const answer = `?error=access_denied&error_description=CALL+0900&state=${asked.get('state')}&iss=${world.issuer.url}`
    const received = await world.comeBack(jar, answer)
    assert.equal(locationOf(received), '/signin?problem=refused-by-provider')
    assert.ok(!received.text.includes('0900'))
  })

  test('a user who has signed in links an identity, and signs in by it from then on', async () => {
    const jar: Jar = new Map()
    const local = await world.server.session()
    const begun = await send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/me/identities/oidc/corp', body: '{"return":"/account"}' },
      headers: local,
    })
    assert.equal(begun.status, 200, begun.text)
    keep(jar, begun)
    const asked = new URL(begun.json.url).searchParams
    const claims = person({ preferred_username: 'another name' })
    world.issuer.token = async () => ({
      body: {
        ...{ access_token: 'a', token_type: 'Bearer' },
        id_token: await world.issuer.sign(tokenClaims(world.issuer, asked, claims)),
      },
    })
    assert.equal(locationOf(await world.comeBack(jar, answerTo(world.issuer, asked))), '/account')
    assert.equal(await world.whoIs(await enters(claims)), 'ada')
    const byToken = await world.server.ask('POST', '/api/v2/me/identities/oidc/corp', {})
    assert.equal(byToken.status, 403)
  })

  test('linking goes back to the page with what went wrong, and ends with the session that began it', async () => {
    const begin = async (jar: Jar, headers: Record<string, string>) => {
      const begun = await send(world.server.url, {
        ...{ method: 'POST', path: '/api/v2/me/identities/oidc/corp', headers },
        body: '{"return":"/account?linked=corp"}',
      })
      assert.equal(begun.status, 200, begun.text)
      keep(jar, begun)
      return new URL(begun.json.url).searchParams
    }
    const back = async (jar: Jar, asked: URLSearchParams, claims: Claims) => {
      world.issuer.token = async () => ({
        body: {
          ...{ access_token: 'a', token_type: 'Bearer' },
          id_token: await world.issuer.sign(tokenClaims(world.issuer, asked, claims)),
        },
      })
      return locationOf(await world.comeBack(jar, answerTo(world.issuer, asked)))
    }
    const taken = person()
    await enters(taken)
    const jar: Jar = new Map()
    const local = await world.server.session()
    assert.equal(
      await back(jar, await begin(jar, local), taken),
      '/account?linked=corp&problem=identity-taken',
    )
    const cancelled = await begin(jar, local)
    const answer = `?error=access_denied&state=${cancelled.get('state')}&iss=${world.issuer.url}`
    assert.equal(
      locationOf(await world.comeBack(jar, answer)),
      '/account?linked=corp&problem=refused-by-provider',
    )
    const thief = await begin(jar, local)
    const out = { method: 'POST', path: '/api/v2/signout', headers: local }
    assert.equal((await send(world.server.url, out)).status, 204)
    const stranger = person()
    assert.equal(await back(jar, thief, stranger), '/account?linked=corp&problem=expired')
    assert.equal(await world.whoIs(await enters(stranger)), stranger.preferred_username)
  })

  test('attack-26: only paths of the console are returned to', async () => {
    const evil = [
      '//evil.test/x',
      '/\\evil.test',
      'https:evil.test',
      'https://evil.test',
      '/\r\nx: y',
      '/\t/evil.test',
    ]
    for (const wanted of [...evil, '/orgs?a=b']) {
      const received = await world.signIn(person(), { body: { return: wanted } })
      assert.equal(locationOf(received), evil.includes(wanted) ? '/' : '/orgs?a=b', wanted)
    }
  })

  test('attack-27: a page of another site signs nobody in', async () => {
    const received = await send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/signin/oidc/corp', body: '{}' },
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
    })
    assert.equal(received.status, 403)
    assert.equal(received.headers['set-cookie'], undefined)
  })

  test('the redirect address follows from public-url, whatever the request says', async () => {
    const received = await send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/signin/oidc/corp', body: '{}' },
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' },
    })
    assert.equal(
      new URL(received.json.url).searchParams.get('redirect_uri'),
      'http://127.0.0.1:8086/api/v2/signin/oidc/corp/callback',
    )
  })

  test('several tabs have a cookie each, and not more than five', async () => {
    const jar: Jar = new Map()
    const first = await world.begin(jar)
    const second = await world.begin(jar)
    assert.equal(jar.size, 2)
    world.issuer.token = async () => ({
      body: {
        ...{ access_token: 'a', token_type: 'Bearer' },
        id_token: await world.issuer.sign(tokenClaims(world.issuer, first, person())),
      },
    })
    assert.equal(locationOf(await world.comeBack(jar, answerTo(world.issuer, first))), '/')
    for (let tabs = 0; tabs < 8; tabs += 1) await world.begin(jar)
    assert.equal([...jar.keys()].filter((name) => name.includes('-flow-')).length, 5)
    const old = await world.comeBack(jar, answerTo(world.issuer, second))
    assert.equal(locationOf(old), '/signin?problem=expired')
  })

  test('an unknown provider is not found, and what cannot be a name too', async () => {
    for (const name of ['other', '__proto__', '..%2f']) {
      const received = await send(world.server.url, {
        ...{ method: 'POST', path: `/api/v2/signin/oidc/${name}`, body: '{}' },
      })
      assert.equal(received.status, 404, name)
    }
  })

  test('nothing of the flow is in the log or the audit log', async () => {
    const jar: Jar = new Map()
    const asked = await world.begin(jar)
    await world.comeBack(jar, `?code=THE-CODE&state=${asked.get('state')}&iss=${world.issuer.url}`)
    const log = world.server.log.join('\n')
    const audit = (await world.server.ask('GET', '/api/v2/audit?limit=100&outcome=refused')).text
    for (const secret of [
      'THE-CODE',
      asked.get('state') ?? '',
      asked.get('nonce') ?? '',
      'the-secret-of-the-client',
    ]) {
      assert.ok(!log.includes(secret) && !audit.includes(secret), secret)
    }
    assert.match(audit, /corp: [a-z-]+/)
  })
})

const seconds = (moved: number) => Math.floor(Date.now() / 1000) + moved

describe('sign-in through a provider, with other settings', () => {
  async function withWorld(argv: readonly string[], act: (world: OidcWorld) => Promise<void>): Promise<void> {
    const world = await openWorld([...MAPPED, ...argv])
    await act(world).finally(() => world.stop())
  }
  const problemOf = async (world: OidcWorld, claims: Claims) => locationOf(await world.signIn(claims))

  test('oidc-10: groups by JSON pointer', () =>
    withWorld(['--oidc-groups-claim', '/realm_access/roles'], async (world) => {
      const claims = person({ groups: [], realm_access: { roles: ['dev'] } })
      assert.equal(await problemOf(world, claims), '/')
      assert.deepEqual(await rolesOf(world, claims.preferred_username), ['lab member'])
    }))

  test('oidc-13: only members of the allowed groups', () =>
    withWorld(['--oidc-allowed-groups', 'dev'], async (world) => {
      assert.equal(await problemOf(world, person({ groups: ['x'] })), '/signin?problem=not-allowed')
      assert.equal(await problemOf(world, person()), '/')
    }))

  test('oidc-14, oidc-16: only verified addresses of exactly the domain', () =>
    withWorld(['--oidc-allowed-domains', 'corp.test'], async (world) => {
      for (const more of [
        { email_verified: false },
        { email_verified: 'true' },
        { email: 'x@evil-corp.test' },
        { email: 'x@corp.test.evil.test' },
      ]) {
        assert.equal(
          await problemOf(world, person(more)),
          '/signin?problem=not-allowed',
          JSON.stringify(more),
        )
      }
      assert.equal(await problemOf(world, person()), '/')
    }))

  test('oidc-14: an address that only userinfo tells counts for the allowed domains', () =>
    withWorld(['--oidc-allowed-domains', 'corp.test'], async (world) => {
      const claims = person({ email: undefined, email_verified: undefined })
      world.issuer.userinfo = { sub: claims.sub, email: 'x@corp.test', email_verified: true }
      assert.equal(await problemOf(world, claims), '/')
      world.issuer.userinfo = { sub: claims.sub, email: 'x@corp.test' }
      assert.equal(await problemOf(world, claims), '/signin?problem=not-allowed')
    }))

  test('oidc-22: no users are made if sign-up is off', () =>
    withWorld(['--oidc-sign-up=false'], async (world) => {
      assert.equal(await problemOf(world, person()), '/signin?problem=not-allowed')
    }))

  test('oidc-25: a second factor of this server, unless the provider says that two were used', () =>
    withWorld(
      ['--oidc-second-factor', 'amr', '--second-factor', 'offered', '--session-fresh-length', '0'],
      async (world) => {
        const claims = person({ amr: ['pwd', 'otp'], auth_time: seconds(0) })
        const jar: Jar = new Map()
        assert.equal(locationOf(await world.signIn(claims, { jar })), '/')
        const { secret } = await enrolApp(world.server.url, { cookie: jarHeader(jar) })
        const pending: Jar = new Map()
        const asked = await world.signIn({ ...claims, amr: ['pwd'] }, { jar: pending })
        assert.equal(locationOf(asked), '/signin?step=second-factor&factors=totp,recovery-code')
        assert.equal(await world.whoIs(pending), undefined)
        const done = await send(world.server.url, {
          ...{ method: 'POST', path: '/api/v2/signin/second-factor' },
          ...{
            headers: { cookie: jarHeader(pending) },
            body: JSON.stringify({ code: codeAt(secret, Date.now()) }),
          },
        })
        assert.equal(done.status, 204, done.text)
        assert.equal(await problemOf(world, claims), '/')
      },
    ))

  test('oidc-26: a sign-in at the provider that is older than max-age', () =>
    withWorld(['--oidc-max-age', '1h'], async (world) => {
      assert.equal(await problemOf(world, person({ auth_time: seconds(-7200) })), '/signin?problem=expired')
      assert.equal(await problemOf(world, person({ auth_time: seconds(-60) })), '/')
    }))

  test('attack-23, attack-24: providers are apart: their flows, and the same subject of both', async () => {
    const one = await openWorld(MAPPED)
    const second = await startIssuer()
    const file = `${temporaryFolder()}/sluice.toml`
    const table = (name: string, issuer: string) =>
      `[[oidc]]\nname = "${name}"\nissuer = "${issuer}"\nclient-id = "${CLIENT_ID}"\nallowed-groups = ["dev"]\n`
    writeFileSync(
      file,
      `public-url = "http://127.0.0.1:8086"\n${table('one', one.issuer.url)}${table('two', second.url)}`,
    )
    const server = await startSetUp(['--config-path', file])
    const jar: Jar = new Map()
    const begin = async (name: string) => {
      const body = { method: 'POST', path: `/api/v2/signin/oidc/${name}`, body: '{}' }
      const begun = await send(server.url, body)
      const [pair = ''] = (begun.headers['set-cookie']?.[0] ?? '').split(';')
      jar.set(pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1))
      return new URL(begun.json.url).searchParams
    }
    const back = (name: string, query: string) =>
      send(server.url, {
        ...{ method: 'GET', path: `/api/v2/signin/oidc/${name}/callback${query}` },
        headers: { cookie: jarHeader(jar) },
      })
    const asked = await begin('one')
    assert.equal(locationOf(await back('two', answerTo(second, asked))), '/signin?problem=expired')
    assert.equal(second.forms.length, 0, 'the code of one provider went to the other')
    const names: (string | undefined)[] = []
    for (const [name, issuer] of [
      ['one', one.issuer],
      ['two', second],
    ] as const) {
      const params = await begin(name)
      issuer.token = async () => ({
        body: {
          ...{ access_token: 'a', token_type: 'Bearer' },
          id_token: await issuer.sign(
            tokenClaims(issuer, params, { sub: '1', preferred_username: `by-${name}`, groups: ['dev'] }),
          ),
        },
      })
      const received = await back(name, answerTo(issuer, params))
      assert.equal(locationOf(received), '/')
      const session = received.headers['set-cookie']?.find((line) => line.startsWith('influxdb-oss-session='))
      const headers = { cookie: session?.split(';')[0] ?? '' }
      names.push((await send(server.url, { method: 'GET', path: '/api/v2/me', headers })).json.name)
    }
    assert.deepEqual(names, ['by-one', 'by-two'])
    await Promise.all([server.stop(), second.stop(), one.stop()])
  })

  test('attack-29: a provider that is away delays no start and no local sign-in', async () => {
    const gone = await startIssuer()
    await gone.stop()
    const world = await startOidc(MAPPED, { issuer: gone })
    const begun = await send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/signin/oidc/corp', body: '{}' },
    })
    assert.equal(begun.status, 503)
    assert.equal(begun.headers['x-sluice-reason'], 'provider-away')
    assert.ok(Number(begun.headers['retry-after']) > 0)
    const local = await send(world.server.url, {
      ...{ method: 'POST', path: '/api/v2/signin', headers: { authorization: basic('ada', PASSWORD) } },
    })
    assert.equal(local.status, 204)
    const ready = await send(world.server.url, { method: 'GET', path: '/health' })
    assert.equal(ready.status, 200)
    await world.stop()
  })

  test('attack-30: a certificate of an unknown authority is never taken; ca-file names the authority', {
    skip: withoutOpenssl,
  }, async () => {
    const folder = temporaryFolder()
    const authority = writeAuthority(folder, 'authority')
    const { cert, key } = writeSigned(authority, folder, { name: 'server', subject: 'DNS:localhost' })
    const issuer = await startIssuer({
      tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
    })
    const stranger = await startOidc(MAPPED, { issuer })
    const begin = (world: OidcWorld) =>
      send(world.server.url, { method: 'POST', path: '/api/v2/signin/oidc/corp', body: '{}' })
    const refused = await begin(stranger)
    assert.deepEqual([refused.status, refused.headers['x-sluice-reason']], [503, 'provider-away'])
    assert.equal(refused.headers['set-cookie'], undefined)
    const known = await startOidc([...MAPPED, '--oidc-ca-file', authority.cert], { issuer })
    assert.equal(locationOf(await known.signIn(person())), '/')
    await Promise.all([stranger.stop(), known.stop()])
    await issuer.stop()
  })

  test('logout-02: back-channel logout ends what its token names, once, and nothing for a forged one', () =>
    withWorld([], async (world) => {
      const claims = person()
      const [one, other]: Jar[] = [new Map(), new Map()]
      await world.signIn({ ...claims, sid: 's-1' }, { jar: one as Jar })
      await world.signIn({ ...claims, sid: 's-2' }, { jar: other as Jar })
      const live = async () => [await world.whoIs(one as Jar), await world.whoIs(other as Jar)].map(Boolean)
      const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }
      const logout = (more: Claims = {}) => ({
        ...{ iss: world.issuer.url, aud: 'sluice', iat: seconds(0), exp: seconds(120) },
        ...{ jti: `j-${Math.random()}`, sub: claims.sub, events: event, ...more },
      })
      const post = async (token: string) => {
        const path = '/api/v2/signin/oidc/corp/backchannel-logout'
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'cross-site',
        }
        const body = new URLSearchParams({ logout_token: token }).toString()
        const received = await send(world.server.url, { method: 'POST', path, headers, body })
        assert.equal(received.headers['cache-control'], 'no-store')
        return received.status
      }
      const { sign } = world.issuer
      const forgedOnes = [
        await sign({ ...logout(), events: undefined, nonce: 'n' }),
        await sign(logout({ nonce: 'n' })),
        await sign(logout({ aud: 'other' })),
        await sign(logout({ iat: seconds(-200) })),
        await sign(logout(), { key: 'foreign', kid: 'first' }),
        'nonsense',
      ]
      for (const token of forgedOnes) assert.equal(await post(token), 400)
      assert.deepEqual(await live(), [true, true])
      assert.equal(await post(await sign(logout({ sid: 'unknown' }))), 200)
      assert.deepEqual(await live(), [true, true])
      const token = await sign(logout({ sid: 's-1' }))
      assert.equal(await post(token), 200)
      assert.deepEqual(await live(), [false, true])
      assert.equal(await post(token), 400, 'the same one twice')
      assert.equal(await post(await sign(logout({ sub: undefined, sid: 's-2' }))), 200)
      assert.deepEqual(await live(), [false, false])
      await world.signIn({ ...claims, sid: 's-3' }, { jar: one as Jar })
      assert.equal(await post(await sign(logout())), 200)
      assert.deepEqual(await live(), [false, false])
    }))
})
