/** Where the keys of outside issuers come from: real providers, clusters with little metadata, files, and none at all. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Provider } from 'oidc-provider'
import { withoutOpenssl, writeAuthority, writeSigned } from '../support/certificate.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Received, send } from '../support/http.ts'
import { CLIENT_ID, CLIENT_SECRET, startIssuer } from '../support/oidc/issuer.ts'
import { AUDIENCE, claimsOf, startExternal, TELEGRAF } from './external-world.ts'

const BUCKETS = '/api/v2/buckets'
const RULES = [{ subject: TELEGRAF, gives: ['analytics/engine:read'] }]
const reasonOf = ({ status, headers }: Received) => [status, headers['x-sluice-reason']]

/** A clock that the test moves, from now on, since real providers sign by the real one. */
function movable() {
  const clock = { at: Date.now(), now: () => clock.at }
  return clock
}

describe('the keys of an issuer', () => {
  test('are fetched once for many tokens, and for a new key at a bounded rate', async () => {
    const clock = movable()
    const world = await startExternal(RULES, { now: clock.now })
    const { issuer } = world
    const looks = () => issuer.asked.filter((path) => path === '/keys').length
    const ask = async (jti: string, key: 'first' | 'second' | 'foreign' = 'first', kid: string = key) =>
      (await world.as(await world.token({ jti }, { key, kid }), 'GET', BUCKETS)).status
    try {
      for (const jti of ['a', 'b', 'c']) assert.equal(await ask(jti), 200)
      assert.equal(looks(), 1)
      issuer.published = ['second']
      assert.equal(await ask('d', 'second'), 401)
      for (let n = 0; n < 5; n += 1) assert.equal(await ask('e', 'foreign', `unknown-${n}`), 401)
      assert.equal(looks(), 1)
      clock.at += 11_000
      assert.equal(await ask('d', 'second'), 200)
      assert.equal(await ask('f', 'first'), 401)
      assert.equal(looks(), 2)
    } finally {
      await world.stop()
    }
  })

  test('are found with the little metadata of Kubernetes', async () => {
    const world = await startExternal(RULES)
    world.issuer.metadata = {
      ...{ authorization_endpoint: undefined, token_endpoint: undefined, userinfo_endpoint: undefined },
      ...{ response_types_supported: ['id_token'], code_challenge_methods_supported: undefined },
    }
    try {
      assert.equal((await world.as(await world.token(), 'GET', BUCKETS)).status, 200)
    } finally {
      await world.stop()
    }
  })

  test('do not count if the metadata is that of another issuer, or sends elsewhere', async () => {
    const clock = movable()
    const world = await startExternal(RULES, { now: clock.now })
    try {
      for (const metadata of [
        { issuer: 'https://evil.test' },
        { issuer: `${world.issuer.url}/` },
        { jwks_uri: undefined },
        { jwks_uri: 'file:///etc/passwd' },
        { jwks_uri: `${world.issuer.url}/nothing` },
        { jwks_uri: `${world.issuer.url}/.well-known/openid-configuration` },
      ]) {
        world.issuer.metadata = metadata
        clock.at += 5000
        const received = await world.as(await world.token(), 'GET', BUCKETS)
        assert.deepEqual(reasonOf(received), [503, 'token-issuer-away'], JSON.stringify(metadata))
      }
      world.issuer.metadata = {}
      clock.at += 5000
      assert.equal((await world.as(await world.token(), 'GET', BUCKETS)).status, 200)
    } finally {
      await world.stop()
    }
  })

  test('that cannot be had make a token neither right nor wrong, and known ones go on', async () => {
    const clock = movable()
    const issuer = await startIssuer({ now: clock.now })
    const world = await startExternal(RULES, {
      ...{ issuer, now: clock.now, argv: ['--guess-address-limit', '2'] },
    })
    try {
      const known = await world.token({ jti: 'known' })
      assert.equal((await world.as(known, 'GET', BUCKETS)).status, 200)
      await issuer.stop()
      clock.at += 6 * 60_000
      for (let n = 0; n < 5; n += 1) {
        const received = await world.as(await world.token({ jti: String(n) }), 'GET', BUCKETS)
        assert.deepEqual(reasonOf(received), [503, 'token-issuer-away'])
        assert.equal(received.headers['retry-after'], '5')
      }
      assert.equal((await world.as(known, 'GET', BUCKETS)).status, 200)
      const wrong = await world.server.ask('GET', BUCKETS, undefined, { authorization: 'Token wrong' })
      assert.equal(wrong.status, 401)
      const { text } = await world.server.ask('GET', '/metrics')
      assert.match(text, /sluice_external_tokens_total\{issuer="lab",outcome="issuer-away"\} 5/)
    } finally {
      await world.stop()
    }
  })

  test('may be at an address of the settings, without discovery', async () => {
    const issuer = await startIssuer()
    issuer.metadata = { issuer: 'https://not.asked.test' }
    const world = await startExternal(RULES, { issuer, more: `keys-url = "${issuer.url}/keys"\n` })
    try {
      assert.equal((await world.as(await world.token(), 'GET', BUCKETS)).status, 200)
      assert.deepEqual(issuer.asked, ['/keys'])
    } finally {
      await world.stop()
      await issuer.stop()
    }
  })

  test('may be in a file, which is read again for a new key', async () => {
    const clock = movable()
    const issuer = await startIssuer({ now: clock.now })
    const path = join(temporaryFolder(), 'keys.json')
    const publish = async (keys: ('first' | 'second')[]) => {
      issuer.published = keys
      writeFileSync(path, await (await fetch(`${issuer.url}/keys`)).text())
    }
    await publish(['first'])
    issuer.asked.length = 0
    const world = await startExternal(RULES, { issuer, now: clock.now, more: `keys-file = "${path}"\n` })
    const ask = async (key: 'first' | 'second', jti: string) =>
      reasonOf(await world.as(await world.token({ jti }, { key }), 'GET', BUCKETS))
    try {
      assert.deepEqual(await ask('first', 'a'), [200, undefined])
      assert.deepEqual(issuer.asked, [])
      await publish(['first', 'second'])
      clock.at += 11_000
      assert.deepEqual(await ask('second', 'b'), [200, undefined])
      writeFileSync(path, 'broken')
      clock.at += 6 * 60_000
      assert.deepEqual(await ask('second', 'c'), [503, 'token-issuer-away'])
    } finally {
      await world.stop()
      await issuer.stop()
    }
  })

  test('of an issuer with TLS need its authority', { skip: withoutOpenssl }, async () => {
    const folder = temporaryFolder()
    const authority = writeAuthority(folder, 'authority')
    const { cert, key } = writeSigned(authority, folder, { name: 'issuer', subject: 'DNS:localhost' })
    const issuer = await startIssuer({
      tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
    })
    try {
      for (const [more, status] of [
        [`ca-file = "${authority.cert}"\n`, 200],
        ['', 503],
      ] as const) {
        const world = await startExternal(RULES, { issuer, more })
        assert.equal((await world.as(await world.token(), 'GET', BUCKETS)).status, status)
        await world.stop()
      }
    } finally {
      await issuer.stop()
    }
  })
})

test('an access token that a real provider gives to a client is taken', async () => {
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const resource = 'https://sluice.lab.test'
  const provider = new Provider(url, {
    clients: [
      {
        ...{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [], response_types: [] },
        grant_types: ['client_credentials'],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: async () => ({
          ...{ scope: 'write', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 600 },
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  http.on('request', provider.callback())
  const server = await startExternal([{ subject: CLIENT_ID, gives: ['analytics/engine:read'] }], {
    issuer: { url } as unknown as Awaited<ReturnType<typeof startIssuer>>,
    more: '',
    audience: resource,
  })
  try {
    const answer = await fetch(`${url}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'write' }),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    assert.equal(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).typ, 'at+jwt')
    const found = await server.as(token, 'GET', BUCKETS)
    assert.equal(found.status, 200, found.text)
    assert.equal(found.json.buckets[0].name, 'engine')
    const { text } = await server.server.ask('GET', '/api/v2/audit?event=external-token.use')
    assert.match(text, new RegExp(`lab:${CLIENT_ID}`))
  } finally {
    await server.stop()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  }
})

test('who asks for another gateway is told of the token’s subject, which is no user', async () => {
  const world = await startExternal([{ subject: TELEGRAF, gives: ['analytics/engine:write'] }], {
    argv: ['--trusted-proxies', 'loopback'],
  })
  try {
    const token = await world.token()
    const check = (query: string) => world.as(token, 'GET', `/api/v2/auth/check${query}`)
    const { status, headers } = await check('?action=write&bucket=engine&org=analytics')
    assert.equal(status, 204)
    const told = ['remote-user', 'x-sluice-user', 'x-sluice-user-id', 'x-sluice-orgs', 'x-sluice-groups']
    assert.deepEqual(
      told.map((name) => headers[name]),
      [`lab:${TELEGRAF}`, `lab:${TELEGRAF}`, '', 'analytics', ''],
    )
    assert.equal(headers['x-sluice-method'], 'external-token')
    assert.equal((await check('?action=read&bucket=engine&org=analytics')).status, 403)
  } finally {
    await world.stop()
  }
})

test('an ID token of a person at a provider is no token of a program there', async () => {
  const issuer = await startIssuer()
  const world = await startExternal([{ subject: '00u1', gives: ['analytics/engine:read'] }], {
    issuer,
    argv: [
      ...[
        '--public-url',
        'http://127.0.0.1:8086',
        '--oidc-issuer',
        issuer.url,
        '--oidc-client-id',
        CLIENT_ID,
      ],
      ...['--oidc-client-secret', CLIENT_SECRET, '--oidc-name', 'corp', '--oidc-allowed-groups', 'dev'],
    ],
  })
  try {
    const claims = { ...claimsOf(issuer.url, Date.now()), sub: '00u1' }
    for (const more of [
      { aud: CLIENT_ID, nonce: 'n' },
      { aud: CLIENT_ID },
      { aud: [AUDIENCE, CLIENT_ID], nonce: 'n' },
    ]) {
      const token = await issuer.sign({ ...claims, ...more })
      const received = await send(world.server.url, {
        ...{ method: 'GET', path: BUCKETS, headers: { authorization: `Bearer ${token}` } },
      })
      assert.deepEqual(reasonOf(received), [401, 'external-token-refused'], JSON.stringify(more))
    }
  } finally {
    await world.stop()
    await issuer.stop()
  }
})
