/** An issuer whose keys are at hand, and what its signed tokens give in a world. */
import assert from 'node:assert/strict'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { createExternalTokens } from '../../src/domain/external-tokens/external-tokens.ts'
import { createRightsOfRules } from '../../src/domain/external-tokens/rights-of-rules.ts'
import { parseGivenRight } from '../../src/domain/external-tokens/token-rule.ts'
import { createIssuerOf, createTokenIssuer } from '../../src/oidc/token-issuer.ts'
import type { World } from './world.ts'

const URL = 'https://lab.test'

export async function createExternal(
  { store, changes, trail, clock, log, onChange }: World,
  rules: readonly { readonly subject: string; readonly gives: string }[],
) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = { keys: [await exportJWK(publicKey)] }
  const reads = { count: 0, fails: false }
  const issuer = createTokenIssuer(
    {
      ...{ name: 'lab', url: URL, audience: 'sluice', keysUrl: undefined, ca: undefined },
      ...{ timeoutMs: 100, toleranceMs: 30_000, maxLengthMs: 24 * 3600_000 },
      async readKeys() {
        reads.count += 1
        if (reads.fails) throw new Error('no keys')
        return keys
      },
    },
    { now: clock.now },
  )
  const rights = createRightsOfRules({ ...store, now: clock.now, log })
  onChange(rights.forget)
  const counted: string[] = []
  const tokens = createExternalTokens({
    issuerOf: createIssuerOf([issuer]),
    rules: rules.map(({ subject, gives }, number) => ({
      ...{ number, issuer: 'lab', subject, claims: [] },
      gives: gives.split(' ').map((text) => parseGivenRight(text) ?? assert.fail(text)),
    })),
    ...{ rights, changes, audit: trail, now: clock.now },
    count: (name, outcome) => counted.push(`${name} ${outcome}`),
  })
  return {
    ...{ tokens, counted, reads },
    sign(claims: JWTPayload = {}) {
      const iat = Math.floor(clock.now() / 1000)
      return new SignJWT({ iss: URL, aud: 'sluice', sub: 'agent', iat, exp: iat + 3600, ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey)
    },
  }
}
