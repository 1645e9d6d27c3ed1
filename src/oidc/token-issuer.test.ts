/** Tokens of a program, by keys that are at hand; the network is in test/single-sign-on. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'
import { parseKeys } from './issuer-keys.ts'
import { createIssuerOf, createTokenIssuer } from './token-issuer.ts'

const AT = Date.UTC(2026, 0, 2)
const SECONDS = AT / 1000

async function setUp(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const clock = { at: AT, reads: 0 }
  const held: { keys: JSONWebKeySet | Error } = {
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'a', use: 'sig' }] },
  }
  const issuer = createTokenIssuer(
    {
      ...{ name: 'lab', url: 'https://issuer.test', audience: 'sluice', keysUrl: undefined, ca: undefined },
      ...{ timeoutMs: 100, toleranceMs: 30_000, maxLengthMs: 3600_000 },
      async readKeys() {
        clock.reads += 1
        if (held.keys instanceof Error) throw held.keys
        return held.keys
      },
    },
    { now: () => clock.at },
  )
  const sign = (claims: JWTPayload = {}, header: Record<string, unknown> = {}) =>
    new SignJWT({
      ...{ iss: 'https://issuer.test', aud: 'sluice', sub: 's', iat: SECONDS, exp: SECONDS + 600, ...claims },
    })
      .setProtectedHeader({ alg, kid: 'a', ...header })
      .sign(privateKey, { crit: { odd: true } })
  const reasonOf = async (token: string) => {
    try {
      await issuer.verify(token)
      return 'right'
    } catch (error) {
      return (error as { reason?: string }).reason
    }
  }
  return { issuer, sign, reasonOf, clock, held, publicKey }
}

suite('a token', () => {
  for (const alg of ['RS256', 'PS384', 'ES256', 'ES512', 'EdDSA']) {
    test(`signed by ${alg} is right, and ends by its exp`, async () => {
      const { issuer, sign } = await setUp(alg)
      const { subject, claims, endsAt, worksUntil } = await issuer.verify(await sign({ ref: 'main' }))
      assert.deepEqual([subject, claims.ref], ['s', 'main'])
      assert.deepEqual([endsAt, worksUntil], [AT + 600_000, AT + 630_000])
    })
  }

  test('is expired once the tolerance has passed, and a forged one never is', async () => {
    const { sign, reasonOf, clock } = await setUp()
    const token = await sign()
    clock.at = AT + 629_000
    assert.equal(await reasonOf(token), 'right')
    clock.at = AT + 630_000
    assert.equal(await reasonOf(token), 'token-expired')
    assert.equal(await reasonOf(`${token.slice(0, -4)}AAAA`), 'external-token-refused')
    assert.equal(await reasonOf(await sign({ aud: 'other' })), 'external-token-refused')
  })

  test('has bounds of its times, which the tolerance widens', async () => {
    const { sign, reasonOf } = await setUp()
    const cases = [
      [{ iat: SECONDS + 29 }, 'right'],
      [{ iat: SECONDS + 31 }, 'external-token-refused'],
      [{ nbf: SECONDS + 29 }, 'right'],
      [{ nbf: SECONDS + 31 }, 'external-token-refused'],
      [{ exp: SECONDS + 3600 }, 'right'],
      [{ exp: SECONDS + 3601 }, 'external-token-refused'],
      [{ exp: 1e300 }, 'external-token-refused'],
      [{ iat: -1 }, 'external-token-refused'],
      [{ iat: SECONDS + 600, exp: SECONDS + 600 }, 'external-token-refused'],
    ] as const
    for (const [claims, outcome] of cases) {
      assert.equal(await reasonOf(await sign(claims)), outcome, JSON.stringify(claims))
    }
  })

  test('with a critical header that is not understood, or another algorithm than its key, is refused', async () => {
    const { sign, reasonOf, held } = await setUp('RS256')
    assert.equal(await reasonOf(await sign({}, { crit: ['odd'], odd: 1 })), 'external-token-refused')
    assert.equal(await reasonOf(await sign()), 'right')
    held.keys = { keys: (held.keys as JSONWebKeySet).keys.map((key) => ({ ...key, alg: 'PS256' })) }
    const fresh = createTokenIssuer(
      {
        ...{ name: 'lab', url: 'https://issuer.test', audience: 'sluice', keysUrl: undefined, ca: undefined },
        ...{ timeoutMs: 100, toleranceMs: 0, maxLengthMs: 3600_000 },
        readKeys: async () => held.keys as JSONWebKeySet,
      },
      { now: () => AT },
    )
    await assert.rejects(fresh.verify(await sign()), { reason: 'external-token-refused' })
  })

  test('is not judged while the keys cannot be read', async () => {
    const { sign, reasonOf, held, clock } = await setUp()
    held.keys = new Error('no such file')
    assert.equal(await reasonOf(await sign()), 'token-issuer-away')
    held.keys = { keys: [null] } as unknown as JSONWebKeySet
    clock.at += 5000
    assert.equal(await reasonOf(await sign()), 'token-issuer-away')
  })

  test('of an unknown key makes the keys be read again, at a bounded rate', async () => {
    const { sign, reasonOf, clock, held, publicKey } = await setUp()
    assert.equal(await reasonOf(await sign()), 'right')
    for (let n = 0; n < 20; n += 1) await reasonOf(await sign({}, { kid: `b${n}` }))
    assert.equal(clock.reads, 1)
    clock.at += 10_000
    held.keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'b0' }] }
    assert.equal(await reasonOf(await sign({}, { kid: 'b0' })), 'right')
    assert.equal(clock.reads, 2)
    assert.equal(await reasonOf(await sign()), 'external-token-refused')
  })
})

suite('a key that was taken away', () => {
  test('counts no more after five minutes', async () => {
    const { sign, reasonOf, clock, held } = await setUp()
    const token = await sign({ exp: SECONDS + 3600 })
    assert.equal(await reasonOf(token), 'right')
    const other = await generateKeyPair('ES256', { extractable: true })
    held.keys = { keys: [{ ...(await exportJWK(other.publicKey)), kid: 'b' }] }
    clock.at += 5 * 60_000
    assert.equal(await reasonOf(token), 'external-token-refused')
  })
})

suite('a set of keys in a file', () => {
  test('has public keys alone', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const [secret, open] = [await exportJWK(privateKey), await exportJWK(publicKey)]
    assert.deepEqual(parseKeys(JSON.stringify({ keys: [open] })), { keys: [open] })
    for (const text of [
      ...['', '{}', 'null', '[]', '{"keys":[]}', '{"keys":{}}', '{"keys":[null]}'],
      JSON.stringify({ keys: [secret] }),
      JSON.stringify({ keys: [open, { kty: 'oct', k: 'c2VjcmV0' }] }),
    ]) {
      assert.throws(() => parseKeys(text), Error, text)
    }
  })
})

suite('the issuer of a token', () => {
  const issuers = ['a', 'b'].map((audience) => ({
    ...{ name: audience, verify: async () => assert.fail() },
    options: { url: 'https://cluster.test', audience },
  }))
  const find = createIssuerOf(issuers as unknown as Parameters<typeof createIssuerOf>[0])
  const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

  test('is told by iss and aud, which clusters may share', () => {
    const nameOf = (claims: unknown) => find(tokenOf(claims))?.name
    const iss = 'https://cluster.test'
    assert.equal(nameOf({ iss, aud: 'b' }), 'b')
    assert.equal(nameOf({ iss, aud: ['x', 'b'] }), 'b')
    assert.equal(nameOf({ iss, aud: 'x' }), 'a')
    for (const wrong of [{}, null, 7, { iss: 'x' }, { iss: [iss] }, { iss: { iss } }]) {
      assert.equal(nameOf(wrong), undefined, JSON.stringify(wrong))
    }
    assert.equal(find('a.b.c'), undefined)
  })
})
