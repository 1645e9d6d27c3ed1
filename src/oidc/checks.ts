/** The checks of an ID token that openid-client leaves out. */
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { clockDiffers, refusedByProvider, signInExpired } from './problems.ts'

export const LONGEST_SUBJECT = 255
/** JWTs that are signed by the same keys and are for something else (RFC 8725, 3.11). */
const OTHER_TYPES = /^(application\/)?(at|logout|secevent|introspection|token-introspection)\+jwt$/i

export interface IDTokenRules {
  readonly clientID: string
  readonly toleranceMs: number
  /** The time now, in milliseconds since 1970. */
  readonly at: number
  /** An earlier `auth_time` is refused; undefined for any. Milliseconds since 1970. */
  readonly authenticatedAfter: number | undefined
}

/**
 * Checks a token whose signature, issuer, audience, nonce and expiry were checked: its type, `azp`, `sub`, `iat` and
 * `auth_time` (OpenID Connect Core 1.0, 3.1.3.7, steps 4, 5, 10 and 13). Returns the subject.
 */
export function checkIDToken(
  header: ProtectedHeaderParameters,
  claims: JWTPayload,
  { clientID, toleranceMs, at, authenticatedAfter }: IDTokenRules,
): string {
  if (typeof header.typ === 'string' && OTHER_TYPES.test(header.typ)) {
    throw refusedByProvider(`a token of type ${header.typ} came in place of the ID token`)
  }
  const { sub, iat, azp, auth_time: authTime } = claims
  if (azp !== undefined && azp !== clientID)
    throw refusedByProvider('the ID token is for another client (azp)')
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > LONGEST_SUBJECT) {
    throw refusedByProvider('the ID token has no usable sub')
  }
  if (typeof iat !== 'number' || iat * 1000 > at + toleranceMs) {
    throw clockDiffers('the ID token was issued in the future (iat)')
  }
  if (authTime !== undefined && (typeof authTime !== 'number' || !Number.isFinite(authTime))) {
    throw refusedByProvider('the ID token has an auth_time that is no number')
  }
  if (typeof authTime === 'number' && authTime * 1000 > at + toleranceMs) {
    throw clockDiffers('the user authenticated in the future (auth_time)')
  }
  if (authenticatedAfter !== undefined) {
    if (authTime === undefined)
      throw refusedByProvider('the ID token lacks auth_time, which max_age asks for')
    if ((authTime as number) * 1000 < authenticatedAfter - toleranceMs) {
      throw signInExpired('the user authenticated too long ago (auth_time)')
    }
  }
  return sub
}
