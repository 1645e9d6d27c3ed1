/** Signed tokens of an outside issuer, on a whole server: what they may, and which ones are refused. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { CompactSign, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { basic, type Received } from '../support/http.ts'
import type { Signing } from '../support/oidc/issuer.ts'
import { AUDIENCE, claimsOf, type ExternalWorld, startExternal, TELEGRAF } from './external-world.ts'

const BUCKETS = '/api/v2/buckets'
const RULES = [
  { subject: TELEGRAF, gives: ['analytics/engine:read'] },
  { subject: 'repo:acme/plant:ref:refs/heads/*', gives: ['analytics/*:write'], claims: ['repository_id=7'] },
] as const

const reasonOf = ({ status, headers }: Received) => [status, headers['x-sluice-reason']]
const namesIn = ({ json }: Received) => json.buckets.map(({ name }: { name: string }) => name).sort()
const hour = (at = Date.now()) => Math.floor(at / 1000) + 3600

async function auditOf(world: ExternalWorld) {
  const { json } = await world.server.ask('GET', '/api/v2/audit?event=external-token.use')
  return json.events as readonly {
    outcome: string
    actor: Record<string, unknown>
    target: Record<string, unknown>
    address: string
    requestId: string
  }[]
}

async function metricsOf(world: ExternalWorld): Promise<readonly string[]> {
  const { text } = await world.server.ask('GET', '/metrics')
  return text.split('\n').filter((line) => line.startsWith('sluice_external_tokens_total'))
}

describe('a right token', () => {
  let world: ExternalWorld
  before(async () => {
    world = await startExternal(RULES)
  })
  after(() => world.stop())

  test('has what its rules give, and nothing else', async () => {
    const { server } = world
    const token = await world.token()
    const found = await world.as(token, 'GET', BUCKETS)
    assert.equal(found.status, 200, found.text)
    assert.deepEqual(namesIn(found), ['engine'])
    const own = `${BUCKETS}/${server.bucketID}`
    assert.equal((await world.as(token, 'GET', own)).status, 200)
    assert.deepEqual(reasonOf(await world.as(token, 'DELETE', own)), [401, 'missing-permission'])
    const made = JSON.stringify({ orgID: server.orgID, name: 'more' })
    assert.deepEqual(reasonOf(await world.as(token, 'POST', BUCKETS, made)), [401, 'missing-permission'])
  })

  test('has what all its rules give, by claims too', async () => {
    const branch = { sub: 'repo:acme/plant:ref:refs/heads/main' }
    const made = JSON.stringify({ orgID: world.server.orgID, name: 'by ci' })
    const token = await world.token({ ...branch, repository_id: '7' })
    assert.equal((await world.as(token, 'POST', BUCKETS, made)).status, 201)
    for (const claims of [
      branch,
      { ...branch, repository_id: '8' },
      { sub: 'repo:acme/plant:pull_request', repository_id: '7' },
      { sub: 'repo:acme/other:ref:refs/heads/main', repository_id: '7' },
      { sub: 'system:serviceaccount:monitoring:telegraf2' },
      { sub: TELEGRAF.toUpperCase() },
    ]) {
      const refused = await world.as(await world.token(claims), 'GET', BUCKETS)
      assert.deepEqual(reasonOf(refused), [403, 'no-rule-for-token'], JSON.stringify(claims))
    }
  })

  test('has no user', async () => {
    const token = await world.token()
    assert.deepEqual(reasonOf(await world.as(token, 'GET', '/api/v2/me')), [403, 'no-user'])
  })

  test('counts as Bearer in the header alone, never as password or in an address', async () => {
    const token = await world.token()
    const { server } = world
    for (const headers of [
      { authorization: `Token ${token}` },
      { authorization: basic('telegraf', token) },
      { cookie: `influxdb-oss-session=${token}` },
    ]) {
      assert.equal(
        (await server.ask('GET', BUCKETS, undefined, headers)).status,
        401,
        JSON.stringify(headers),
      )
    }
    for (const query of [`access_token=${token}`, `token=${token}`, `u=x&p=${token}`]) {
      assert.equal((await server.ask('GET', `${BUCKETS}?${query}`, undefined, {})).status, 401, query)
    }
    assert.equal(
      (await server.ask('GET', BUCKETS, undefined, { authorization: `bearer ${token}` })).status,
      200,
    )
  })

  test('is in the audit log with its first use, once, and in the metrics', async () => {
    const sub = 'repo:acme/plant:ref:refs/heads/audited'
    const token = await world.token({ sub, repository_id: '7' })
    await Promise.all([1, 2, 3].map(() => world.as(token, 'GET', BUCKETS)))
    await world.as(token, 'GET', BUCKETS)
    const own = (await auditOf(world)).filter(({ actor }) => actor.userName === `lab:${sub}`)
    assert.equal(own.length, 1)
    assert.equal(own[0]?.outcome, 'success')
    assert.equal(own[0]?.actor.userID, undefined)
    assert.equal(own[0]?.target.name, 'lab (by the rules for repo:acme/plant:ref:refs/heads/*)')
    assert.equal(own[0]?.address, '127.0.0.1')
    assert.notEqual(own[0]?.requestId, '')
    assert.ok((await metricsOf(world)).some((line) => /issuer="lab",outcome="accepted"\} [1-9]/.test(line)))
  })

  test('may come from any of several audiences, as Kubernetes lists them', async () => {
    for (const aud of [AUDIENCE, [AUDIENCE], ['vault', AUDIENCE]]) {
      assert.equal((await world.as(await world.token({ aud }), 'GET', BUCKETS)).status, 200, String(aud))
    }
  })

  test('may be an access token by RFC 9068', async () => {
    for (const typ of ['at+jwt', 'application/at+jwt', 'JWT']) {
      assert.equal((await world.as(await world.token({}, { typ }), 'GET', BUCKETS)).status, 200, typ)
    }
  })
})

describe('a wrong token', () => {
  let world: ExternalWorld
  before(async () => {
    world = await startExternal(RULES, { argv: ['--guess-address-limit', '1000'] })
  })
  after(() => world.stop())

  const now = () => Math.floor(Date.now() / 1000)
  const CLAIMS: readonly (readonly [string, Record<string, unknown>])[] = [
    ['of another audience', { aud: 'https://kubernetes.default.svc' }],
    ['of others only', { aud: ['vault', 'grafana'] }],
    ['without an audience', { aud: undefined }],
    ['with an empty list of audiences', { aud: [] }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a blank subject', { sub: '  ' }],
    ['with a number as subject', { sub: 7 }],
    ['with a list as subject', { sub: [TELEGRAF] }],
    ['with a subject that is too long', { sub: 'x'.repeat(256) }],
    ['without an end', { exp: undefined }],
    ['with a text as end', { exp: String(hour()) }],
    ['without iat', { iat: undefined }],
    ['issued in the future', { iat: now() + 300 }],
    ['not valid yet', { nbf: now() + 300 }],
    ['valid for too long', { exp: now() + 90_000 }],
    ['issued before its long life', { iat: now() - 86_000, exp: now() + 3600 }],
    ['that ends before it begins', { iat: now() + 20, exp: now() + 10 }],
    ['of a sign-in', { nonce: 'n' }],
    ['of a logout', { events: {} }],
  ]
  for (const [what, claims] of CLAIMS) {
    test(`${what} is refused`, async () => {
      const received = await world.as(await world.token(claims), 'GET', BUCKETS)
      assert.deepEqual(reasonOf(received), [401, 'external-token-refused'], received.text)
    })
  }

  const SIGNINGS: readonly (readonly [string, Signing])[] = [
    ['without a signature', { alg: 'none' }],
    ['signed by HS256', { alg: 'HS256', key: 'client-secret' }],
    ['of a key that is not published', { key: 'foreign', kid: 'first' }],
    ['of a key with an unknown id', { key: 'foreign', kid: 'elsewhere' }],
    ['with a broken signature', { signature: 'AAAA' }],
    ['with an empty signature', { signature: '' }],
    ['that is an ID token by type', { typ: 'logout+jwt' }],
    ['that is a security event', { typ: 'secevent+jwt' }],
  ]
  for (const [what, signing] of SIGNINGS) {
    test(`${what} is refused`, async () => {
      const received = await world.as(await world.token({}, signing), 'GET', BUCKETS)
      assert.deepEqual(reasonOf(received), [401, 'external-token-refused'], received.text)
    })
  }

  test('signed with the published key as secret is refused', async () => {
    const key = await publishedKey()
    for (const secret of [JSON.stringify(key), key.n]) {
      const token = await new SignJWT(claimsOf(world.issuer.url, Date.now()))
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .sign(Buffer.from(secret))
      assert.deepEqual(reasonOf(await world.as(token, 'GET', BUCKETS)), [401, 'external-token-refused'])
    }
  })

  test('that brings its own key is refused, and nothing is fetched for it', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const asked = world.issuer.asked.length
    for (const header of [
      { jwk },
      { jwk, kid: 'first' },
      { jku: `${world.issuer.url}/attacker`, kid: 'first' },
      { x5u: `${world.issuer.url}/attacker`, kid: 'first' },
    ]) {
      const token = await new SignJWT(claimsOf(world.issuer.url, Date.now()))
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey)
      assert.deepEqual(reasonOf(await world.as(token, 'GET', BUCKETS)), [401, 'external-token-refused'])
    }
    assert.ok(!world.issuer.asked.slice(asked).includes('/attacker'))
  })

  test('whose claims were changed after signing is refused', async () => {
    const [header, payload, signature] = (await world.token({ sub: 'system:serviceaccount:a:b' })).split('.')
    assert.ok(payload)
    const claims = claimsOf(world.issuer.url, Date.now())
    const forged = `${header}.${encoded(claims)}.${signature}`
    assert.deepEqual(reasonOf(await world.as(forged, 'GET', BUCKETS)), [401, 'external-token-refused'])
  })

  test('of an issuer that the settings do not have is unknown', async () => {
    for (const iss of [undefined, 'https://id.evil.test', `${world.issuer.url}/`, [world.issuer.url], 7]) {
      const received = await world.as(await world.token({ iss }), 'GET', BUCKETS)
      assert.deepEqual(reasonOf(received), [401, 'unknown-token'], String(iss))
    }
  })

  test('that is no token at all is unknown', async () => {
    for (const text of [
      'a.b.c',
      '..',
      'a.b',
      `${'a'.repeat(9000)}.b.c`,
      '{}.{}.{}',
      'e30.e30.',
      'bnVsbA.bnVsbA.',
    ]) {
      const received = await world.as(text, 'GET', BUCKETS)
      assert.deepEqual(reasonOf(received), [401, 'unknown-token'], text.slice(0, 20))
    }
    const jws = await new CompactSign(Buffer.from('no claims'))
      .setProtectedHeader({ alg: 'RS256', kid: 'first' })
      .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
    assert.deepEqual(reasonOf(await world.as(jws, 'GET', BUCKETS)), [401, 'unknown-token'])
  })

  test('is counted in the audit log, without what it says of itself', async () => {
    await world.as(await world.token({ sub: 'forged' }, { key: 'foreign', kid: 'first' }), 'GET', BUCKETS)
    const refused = (await auditOf(world)).filter(({ outcome }) => outcome === 'refused')
    assert.ok(refused.length > 0)
    assert.ok(refused.every(({ actor, target }) => actor.userName === undefined && target.name === 'lab'))
    assert.ok((await metricsOf(world)).some((line) => line.includes('outcome="refused"')))
  })

  test('has no effect on a right one from the same address, and is counted as a guess', async () => {
    const bounded = await startExternal(RULES, { argv: ['--guess-address-limit', '3'], issuer: world.issuer })
    try {
      const statuses: number[] = []
      for (let n = 0; n < 5; n += 1) {
        const forged = await world.token({ jti: String(n) }, { key: 'foreign', kid: 'first' })
        statuses.push((await bounded.as(forged, 'GET', BUCKETS)).status)
      }
      assert.deepEqual(statuses, [401, 401, 401, 429, 429])
      const stranger = await world.token({ sub: 'repo:evil/evil:ref:refs/heads/main' })
      assert.equal((await bounded.as(stranger, 'GET', BUCKETS)).status, 429)
      assert.equal((await bounded.as(await world.token(), 'GET', BUCKETS)).status, 200)
    } finally {
      await bounded.stop()
    }
  })

  async function publishedKey() {
    const answer = await fetch(`${world.issuer.url}/keys`)
    const { keys } = (await answer.json()) as { keys: readonly { readonly n: string }[] }
    assert.ok(keys[0])
    return keys[0]
  }
})

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
