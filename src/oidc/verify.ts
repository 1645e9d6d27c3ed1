/** Verifies JWTs by the published keys of their issuer, and by nothing that the token itself brings. */
import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTVerifyOptions, jwtVerify } from 'jose'
import { SluiceError } from '../domain/base/errors.ts'
import type { KeySet } from './key-set.ts'
import { clockDiffers, refusedByProvider } from './problems.ts'

/** Never `none`, and no symmetric ones, whose key would be the client's secret (RFC 8725, 3.1 and 3.2). */
export const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
/** Longer than any token that a provider of identities signs. */
const LONGEST_TOKEN = 16_384

type VerifyOptions = { toleranceMs: number; at: number } & Pick<
  JWTVerifyOptions,
  'issuer' | 'audience' | 'requiredClaims'
>

/** Returns header and claims. Throws `refused-by-provider` or `clock-differs`, and what `keys` throws. */
export async function verifyJwt(token: string, keys: KeySet, options: VerifyOptions) {
  try {
    return await checkedJwt(token, keys, options)
  } catch (error) {
    if (error instanceof SluiceError) throw error
    const isTime =
      error instanceof errors.JWTExpired ||
      (error instanceof errors.JWTClaimValidationFailed && ['nbf', 'iat'].includes(error.claim))
    throw isTime
      ? clockDiffers('a time in the token is out of bounds', error)
      : refusedByProvider('the token is not one of the issuer for this server', error)
  }
}

/**
 * Returns header and claims. `jku`, `jwk` and `x5u` of the header are not looked at (ASVS 5.0 9.1.3). Throws what jose
 * says, and what `keys` throws.
 */
export async function checkedJwt(
  token: string,
  keys: KeySet,
  { toleranceMs, at, ...options }: VerifyOptions,
) {
  if (token.length > LONGEST_TOKEN) throw new errors.JWTInvalid('the token is too long')
  const { kid } = decodeProtectedHeader(token)
  const known = createLocalJWKSet(await keys.for(kid))
  const { payload, protectedHeader } = await jwtVerify(token, known, {
    ...options,
    ...{ algorithms: ALGORITHMS, clockTolerance: toleranceMs / 1000, currentDate: new Date(at) },
  })
  return { claims: payload, header: protectedHeader }
}
