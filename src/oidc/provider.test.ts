import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, suite, test } from 'node:test'
import { withoutOpenssl, writeAuthority, writeSigned } from '../../test/support/certificate.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Signing,
  startIssuer,
  type TestIssuer,
} from '../../test/support/oidc/issuer.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { FlowSecrets } from '../domain/records/outside-provider.ts'
import { createProvider, type OpenProvider, type ProviderOptions } from './provider.ts'

/** Claims, also such as no token may have. */
type Given = Readonly<Record<string, unknown>>

const SKIP = { skip: withoutOpenssl }
const REDIRECT = 'http://127.0.0.1:8086/api/v2/signin/oidc/corp/callback'
const SECRETS: FlowSecrets = { state: 'state-1', nonce: 'nonce-1', verifier: 'v'.repeat(43) }

suite('a provider', () => {
  let issuer: TestIssuer
  let provider: OpenProvider
  let at = Date.now()

  const open = (options: Partial<ProviderOptions> = {}) =>
    createProvider(
      {
        ...{ name: 'corp', issuer: issuer.url, clientID: CLIENT_ID, clientSecret: () => CLIENT_SECRET },
        ...{ scopes: ['openid', 'profile'], ca: undefined, timeoutMs: 2000, toleranceMs: 30_000 },
        ...{ claims: { username: 'preferred_username', groups: 'groups', needed: [] }, userinfo: 'auto' },
        ...{ maxAgeMs: undefined, redirectUri: REDIRECT, postLogoutRedirectUri: 'http://127.0.0.1:8086/' },
        ...options,
      },
      { now: () => at },
    )

  before(async () => {
    issuer = await startIssuer()
  })
  after(() => issuer.stop())
  beforeEach(async (context) => {
    at = Date.now()
    issuer.metadata = {}
    issuer.published = ['first']
    issuer.userinfo = undefined
    issuer.asked.length = 0
    issuer.forms.length = 0
    await provider?.close()
    provider = open()
    assert.ok(context)
  })
  after(() => provider.close())

  const seconds = (moved = 0) => Math.floor(at / 1000) + moved
  const claims = (more: Given = {}): Given => ({
    ...{ iss: issuer.url, aud: CLIENT_ID, sub: '00u1', iat: seconds(), exp: seconds(300) },
    ...{ nonce: SECRETS.nonce, preferred_username: 'ada', groups: ['dev'], ...more },
  })

  function answersWith(given: Given, signing?: Signing, more: object = {}): void {
    issuer.token = async () => ({
      body: { access_token: 'a', token_type: 'Bearer', id_token: await issuer.sign(given, signing), ...more },
    })
  }

  const query = (more: Record<string, string> = {}) =>
    `?${new URLSearchParams({ code: 'c', state: SECRETS.state, iss: issuer.url, ...more })}`

  const finish = (given = query()) => provider.finish(given, SECRETS)

  const reasonIs = (reason: string) => (error: unknown) => {
    assert.ok(error instanceof SluiceError, String(error))
    assert.equal(error.reason, reason, `${error.message}: ${(error.cause as Error | undefined)?.message}`)
    return true
  }

  test('begins with S256, state, nonce and exactly the registered address', async () => {
    const url = new URL(await provider.begin(SECRETS, false))
    assert.equal(url.origin + url.pathname, `${issuer.url}/authorize`)
    assert.equal(url.searchParams.get('redirect_uri'), REDIRECT)
    assert.equal(url.searchParams.get('response_type'), 'code')
    assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
    assert.notEqual(url.searchParams.get('code_challenge'), SECRETS.verifier)
    assert.equal(url.searchParams.get('state'), SECRETS.state)
    assert.equal(url.searchParams.get('nonce'), SECRETS.nonce)
    assert.equal(url.searchParams.get('scope'), 'openid profile')
    assert.equal(url.searchParams.get('prompt'), null)
    const again = new URL(await provider.begin(SECRETS, true))
    assert.equal(again.searchParams.get('prompt'), 'login')
    assert.equal(again.searchParams.get('max_age'), '0')
  })

  test('redeems a code and tells who it is', async () => {
    answersWith(
      claims({
        email: 'ada@corp.test',
        email_verified: true,
        sid: 's-1',
        amr: ['pwd', 'otp'],
        auth_time: seconds(-9),
      }),
      undefined,
      { refresh_token: 'r-1' },
    )
    const { identity, sid, refreshToken, idToken } = await finish()
    const { claims: all, ...rest } = identity
    assert.equal(all.sub, '00u1')
    assert.deepEqual(rest, {
      ...{ provider: 'corp', issuer: issuer.url, subject: '00u1', names: ['ada'] },
      ...{ email: { address: 'ada@corp.test', isVerified: true }, groups: ['dev'] },
      ...{ authenticatedAt: seconds(-9) * 1000, methods: ['pwd', 'otp'] },
    })
    assert.equal(sid, 's-1')
    assert.equal(refreshToken, 'r-1')
    assert.ok(idToken)
    const [form] = issuer.forms
    assert.equal(form?.get('code_verifier'), SECRETS.verifier)
    assert.equal(form?.get('redirect_uri'), REDIRECT)
    assert.equal(form?.get('client_secret'), null, 'the secret goes into the header')
  })

  // What openid-client accepts by default is marked.
  const forged: Record<string, [Given | (() => Given), Signing, string]> = {
    'an issuer with a slash more': [() => ({ iss: `${issuer.url}/` }), {}, 'refused-by-provider'],
    'another audience': [{ aud: 'other' }, {}, 'refused-by-provider'],
    'several audiences without azp': [{ aud: [CLIENT_ID, 'other'] }, {}, 'refused-by-provider'],
    'the azp of another client (accepted by default)': [{ azp: 'other' }, {}, 'refused-by-provider'],
    'another nonce': [{ nonce: 'other' }, {}, 'refused-by-provider'],
    'no nonce': [{ nonce: undefined }, {}, 'refused-by-provider'],
    'algorithm none': [{}, { alg: 'none' }, 'refused-by-provider'],
    'HS256 by the secret of the client': [{}, { alg: 'HS256', key: 'client-secret' }, 'refused-by-provider'],
    'a signature by another key (accepted by default)': [
      {},
      { key: 'foreign', kid: 'first' },
      'refused-by-provider',
    ],
    'no signature (accepted by default)': [{}, { signature: 'AAAA' }, 'refused-by-provider'],
    'an unknown key (accepted by default)': [{}, { key: 'foreign' }, 'refused-by-provider'],
    'a key of its own in jku': [
      {},
      { key: 'foreign', header: { jku: 'http://evil.test/keys' } },
      'refused-by-provider',
    ],
    'a critical header': [{}, { header: { crit: ['b64'], b64: true } }, 'refused-by-provider'],
    'an expiry in the past': [() => ({ iat: seconds(-900), exp: seconds(-600) }), {}, 'clock-differs'],
    'an issue in the future (accepted by default)': [
      () => ({ iat: seconds(600), exp: seconds(900) }),
      {},
      'clock-differs',
    ],
    'a time before it counts': [() => ({ nbf: seconds(600) }), {}, 'clock-differs'],
    'an access token (accepted by default)': [{}, { typ: 'at+jwt' }, 'refused-by-provider'],
    'a logout token': [{}, { typ: 'logout+jwt' }, 'refused-by-provider'],
    'an empty sub (accepted by default)': [{ sub: '' }, {}, 'refused-by-provider'],
    'a blank sub': [{ sub: ' ' }, {}, 'refused-by-provider'],
    'a long sub': [{ sub: 'x'.repeat(256) }, {}, 'refused-by-provider'],
    'a number as sub': [{ sub: 7 as unknown as string }, {}, 'refused-by-provider'],
    'an auth_time in the future': [() => ({ auth_time: seconds(600) }), {}, 'clock-differs'],
  }
  for (const [name, [change, signing, reason]] of Object.entries(forged)) {
    test(`refuses an ID token with ${name}`, async () => {
      answersWith(claims(typeof change === 'function' ? change() : change), signing)
      await assert.rejects(finish(), reasonIs(reason))
    })
  }

  test('tolerates 30 seconds between the clocks and no more', async () => {
    answersWith(claims({ iat: seconds(29) }))
    await finish()
    answersWith(claims({ iat: seconds(40) }))
    await assert.rejects(finish(), reasonIs('clock-differs'))
    answersWith(claims({ iat: seconds(-400), exp: seconds(-20) }))
    await finish()
    answersWith(claims({ iat: seconds(-400), exp: seconds(-40) }))
    await assert.rejects(finish(), reasonIs('clock-differs'))
  })

  const answers: Record<string, [() => string, string]> = {
    'another state': [() => query({ state: 'other' }), 'refused-by-provider'],
    'a doubled state': [() => `${query()}&state=${SECRETS.state}`, 'refused-by-provider'],
    'no issuer, though the provider names itself (RFC 9207)': [
      () => `?code=c&state=${SECRETS.state}`,
      'refused-by-provider',
    ],
    'another issuer': [() => query({ iss: 'http://evil.test' }), 'refused-by-provider'],
    'an error': [
      () => `?error=access_denied&state=${SECRETS.state}&iss=${issuer.url}`,
      'refused-by-provider',
    ],
    'no code': [() => `?state=${SECRETS.state}&iss=${issuer.url}`, 'refused-by-provider'],
  }
  for (const [name, [given, reason]] of Object.entries(answers)) {
    test(`refuses an answer with ${name}, and redeems nothing`, async () => {
      answersWith(claims())
      await assert.rejects(finish(given()), reasonIs(reason))
      assert.equal(issuer.forms.length, 0)
    })
  }

  test('tells apart what the token endpoint refuses', async () => {
    const cases: [number, string, string][] = [
      [400, 'invalid_grant', 'refused-by-provider'],
      [401, 'invalid_client', 'provider-misconfigured'],
      [503, 'temporarily_unavailable', 'provider-away'],
    ]
    for (const [status, error, reason] of cases) {
      issuer.token = async () => ({ status, body: { error } })
      await assert.rejects(finish(), reasonIs(reason), error)
    }
  })

  test('takes a new key at once, but looks again at most every ten seconds', async () => {
    answersWith(claims())
    await finish()
    issuer.published = ['first', 'second']
    answersWith(claims(), { key: 'second' })
    const looks = () => issuer.asked.filter((path) => path === '/keys').length
    assert.equal(looks(), 1)
    await assert.rejects(finish(), reasonIs('refused-by-provider'))
    assert.equal(looks(), 1, 'the last look was just now')
    at += 10_000
    await finish()
    assert.equal(looks(), 2)
    answersWith(claims(), { kid: 'invented', key: 'foreign' })
    for (let tries = 0; tries < 5; tries += 1) await assert.rejects(finish(), reasonIs('refused-by-provider'))
    assert.equal(looks(), 2, 'invented keys make no load')
    issuer.published = ['second']
    answersWith(claims())
    await finish()
    at += 5 * 60_000
    answersWith(claims())
    await assert.rejects(finish(), reasonIs('refused-by-provider'), 'a key that was taken away stops working')
  })

  test('is found when it is needed, and asked again after a pause', async () => {
    issuer.metadata = { issuer: `${issuer.url}/` }
    await assert.rejects(provider.begin(SECRETS, false), reasonIs('provider-misconfigured'))
    issuer.metadata = {}
    await assert.rejects(provider.begin(SECRETS, false), reasonIs('provider-misconfigured'))
    assert.equal(issuer.asked.length, 1)
    at += 3000
    await provider.begin(SECRETS, false)
    assert.equal(issuer.asked.length, 2)
    await provider.begin(SECRETS, false)
    assert.equal(issuer.asked.length, 2)
  })

  const unusable: Record<string, Record<string, unknown>> = {
    'PKCE only in the clear': { code_challenge_methods_supported: ['plain'] },
    'no code flow': { response_types_supported: ['id_token'] },
    'no keys': { jwks_uri: undefined },
    'a token endpoint of another scheme': { token_endpoint: 'ftp://127.0.0.1/token' },
  }
  for (const [name, metadata] of Object.entries(unusable)) {
    test(`refuses a provider with ${name}`, async () => {
      issuer.metadata = metadata
      await assert.rejects(provider.begin(SECRETS, false), reasonIs('provider-misconfigured'))
    })
  }

  test('asks userinfo if the token says nothing about groups, of the same subject only', async () => {
    answersWith(claims({ groups: undefined }))
    issuer.userinfo = { sub: '00u1', groups: ['from-userinfo'] }
    assert.deepEqual((await finish()).identity.groups, ['from-userinfo'])
    issuer.userinfo = { sub: 'other', groups: ['x'] }
    await assert.rejects(finish(), (error: SluiceError) => error instanceof SluiceError)
    issuer.userinfo = { sub: '00u1' }
    assert.deepEqual((await finish()).identity.groups, [])
  })

  test('asks userinfo for what the rules look at, and for nothing if the token has it', async () => {
    await provider.close()
    const needed = ['email', 'email_verified', '/org/id']
    provider = open({ claims: { username: 'preferred_username', groups: 'groups', needed } })
    issuer.userinfo = { sub: '00u1', email: 'ada@corp.test', email_verified: true, org: { id: 'o-1' } }
    const asks = () => issuer.asked.filter((path) => path === '/userinfo').length
    answersWith(claims())
    const { identity } = await finish()
    assert.deepEqual(identity.email, { address: 'ada@corp.test', isVerified: true })
    assert.deepEqual(identity.claims.org, { id: 'o-1' })
    assert.equal(asks(), 1)
    answersWith(claims({ email: 'ada@corp.test', email_verified: false, org: { id: 'o-2' } }))
    assert.equal((await finish()).identity.email?.isVerified, false)
    assert.equal(asks(), 1)
  })

  test('takes an address for verified only where the provider says so of that address', async () => {
    await provider.close()
    const needed = ['email', 'email_verified']
    provider = open({ claims: { username: 'preferred_username', groups: 'groups', needed } })
    const found = async (token: Given, userinfo: Given) => {
      answersWith(claims(token))
      issuer.userinfo = { sub: '00u1', ...userinfo }
      const { address, isVerified } = (await finish()).identity.email ?? {}
      return `${address} ${isVerified}`
    }
    const [one, other] = ['ada@corp.test', 'eve@evil.test']
    assert.equal(await found({ email: one }, { email: one, email_verified: true }), `${one} true`)
    assert.equal(await found({ email: one }, { email: other, email_verified: true }), `${one} false`)
    assert.equal(await found({ email_verified: true }, { email: other }), `${other} false`)
    assert.equal(
      await found({ email_verified: true }, { email: other, email_verified: false }),
      `${other} false`,
    )
  })

  test('reads groups from lists, texts and pointers, and refuses a pointer to elsewhere', async () => {
    answersWith(claims({ groups: 'dev' }))
    assert.deepEqual((await finish()).identity.groups, ['dev'])
    answersWith(claims({ groups: [{ name: 'admins' }, 7, null, 'dev'] }))
    assert.deepEqual((await finish()).identity.groups, ['dev'])
    answersWith(claims({ groups: undefined, _claim_names: { groups: 'src1' } }))
    issuer.userinfo = { sub: '00u1' }
    await assert.rejects(finish(), reasonIs('provider-misconfigured'))
    await provider.close()
    provider = open({ claims: { username: 'preferred_username', groups: '/realm_access/roles', needed: [] } })
    answersWith(claims({ groups: undefined, realm_access: { roles: ['dev'] } }))
    assert.deepEqual((await finish()).identity.groups, ['dev'])
  })

  test('insists on a recent sign-in if one is asked for', async () => {
    await provider.close()
    provider = open({ maxAgeMs: 3600_000 })
    answersWith(claims({ auth_time: seconds(-7200) }))
    await assert.rejects(finish(), reasonIs('sign-in-expired'))
    answersWith(claims())
    await assert.rejects(finish(), reasonIs('refused-by-provider'))
    answersWith(claims({ auth_time: seconds(-60) }))
    await finish()
    await assert.rejects(provider.finish(query(), SECRETS, at), reasonIs('sign-in-expired'))
  })

  test('refreshes, of the same user only', async () => {
    answersWith(claims({ nonce: undefined, groups: ['ops'] }))
    const found = await provider.refresh('r-1', '00u1')
    assert.deepEqual(found.identity.groups, ['ops'])
    assert.equal(found.refreshToken, 'r-1')
    assert.equal(issuer.forms[0]?.get('refresh_token'), 'r-1')
    answersWith(claims({ nonce: undefined, sub: '00u2' }))
    await assert.rejects(provider.refresh('r-1', '00u1'), reasonIs('refused-by-provider'))
    issuer.token = async () => ({ status: 400, body: { error: 'invalid_grant' } })
    await assert.rejects(provider.refresh('r-1', '00u1'), reasonIs('refused-by-provider'))
    issuer.token = async () => ({ body: { access_token: 'a', token_type: 'Bearer' } })
    issuer.userinfo = { sub: '00u1', groups: ['by-userinfo'] }
    assert.deepEqual((await provider.refresh('r-1', '00u1')).identity.groups, ['by-userinfo'])
  })

  suite('a logout token', () => {
    const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const logout = (more: Given = {}): Given => ({
      ...{ iss: issuer.url, aud: CLIENT_ID, iat: seconds(), exp: seconds(120), jti: 'j-1' },
      ...{ sub: '00u1', sid: 's-1', events: EVENT, ...more },
    })

    test('is read', async () => {
      const token = await issuer.sign(logout(), { typ: 'logout+jwt' })
      const read = await provider.readLogout(token)
      assert.deepEqual(read, { issuer: issuer.url, subject: '00u1', sid: 's-1', jti: 'j-1' })
    })

    const bad: Record<string, [Given | (() => Given), Signing]> = {
      'an ID token': [{ events: undefined, nonce: 'n' }, {}],
      'with a nonce': [{ nonce: 'n' }, {}],
      'for another client': [{ aud: 'other' }, {}],
      'of another issuer': [{ iss: 'http://evil.test' }, {}],
      'that is old': [() => ({ iat: seconds(-200), exp: seconds(100) }), {}],
      'of the future': [() => ({ iat: seconds(100), exp: seconds(300) }), {}],
      'that has expired': [() => ({ iat: seconds(-100), exp: seconds(-60) }), {}],
      'without expiry': [{ exp: undefined }, {}],
      'without jti': [{ jti: undefined }, {}],
      'about no user': [{ sub: undefined, sid: undefined }, {}],
      'with another event': [{ events: { 'http://other.test': {} } }, {}],
      'of another type': [{}, { typ: 'at+jwt' }],
      'by another key': [{}, { key: 'foreign', kid: 'first' }],
      'without signature': [{}, { alg: 'none' }],
      'by the secret of the client': [{}, { alg: 'HS256', key: 'client-secret' }],
    }
    for (const [name, [change, signing]] of Object.entries(bad)) {
      test(`${name} is refused`, async () => {
        const token = await issuer.sign(logout(typeof change === 'function' ? change() : change), {
          typ: 'logout+jwt',
          ...signing,
        })
        await assert.rejects(provider.readLogout(token), (error: SluiceError) => {
          assert.ok(['refused-by-provider', 'clock-differs'].includes(error.reason ?? ''), String(error))
          return true
        })
      })
    }
  })
})

suite('a provider that cannot be reached', () => {
  const options = (issuer: string, ca?: string): ProviderOptions => ({
    ...{ name: 'corp', issuer, clientID: CLIENT_ID, clientSecret: () => undefined, scopes: ['openid'] },
    ...{ ca, timeoutMs: 500, toleranceMs: 0, userinfo: 'never', maxAgeMs: undefined },
    ...{
      claims: { username: 'sub', groups: 'groups', needed: [] },
      redirectUri: REDIRECT,
      postLogoutRedirectUri: REDIRECT,
    },
  })

  test('is away', async () => {
    const issuer = await startIssuer()
    await issuer.stop()
    const provider = createProvider(options(issuer.url), { now: Date.now })
    await assert.rejects(provider.begin(SECRETS, false), { code: 'unavailable', reason: 'provider-away' })
    assert.equal(await provider.logoutUrl('x'), undefined)
    await provider.close()
  })

  test('with an unknown certificate is away, and not with its authority', SKIP, async () => {
    const folder = temporaryFolder()
    const authority = writeAuthority(folder, 'authority')
    const own = writeSigned(authority, folder, { name: 'server', subject: 'DNS:localhost' })
    const [ca, cert, key] = [authority.cert, own.cert, own.key].map((path) => readFileSync(path, 'utf8'))
    const issuer = await startIssuer({ tls: { cert: cert ?? '', key: key ?? '' } })
    const stranger = createProvider(options(issuer.url), { now: Date.now })
    await assert.rejects(stranger.begin(SECRETS, false), { reason: 'provider-away' })
    const known = createProvider(options(issuer.url, ca), { now: Date.now })
    assert.match(await known.begin(SECRETS, false), /^https:/)
    await Promise.all([stranger.close(), known.close(), issuer.stop()])
  })
})
