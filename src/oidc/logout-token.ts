/** The check of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6). */
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import type { OutsideLogout } from '../domain/records/outside-provider.ts'
import { LONGEST_SUBJECT } from './checks.ts'
import { clockDiffers, refusedByProvider } from './problems.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** How old a logout token may be (2.4 recommends two minutes as its length). */
export const LOGOUT_TOKEN_MS = 2 * 60_000
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'logout+jwt', 'application/logout+jwt'])

/**
 * Checks what is left of a logout token whose signature, issuer and audience were checked.
 *
 * @param toleranceMs between the clocks
 * @param at milliseconds since 1970
 */
export function checkLogoutToken(
  header: ProtectedHeaderParameters,
  claims: JWTPayload,
  { issuer, toleranceMs, at }: { issuer: string; toleranceMs: number; at: number },
): OutsideLogout {
  if (!TYPES.has(typeof header.typ === 'string' ? header.typ.toLowerCase() : header.typ)) {
    throw refusedByProvider('the logout token has the type of another token')
  }
  const { events, nonce, iat, exp, jti, sub, sid } = claims
  const event = typeof events === 'object' && events !== null ? Object.entries(events) : []
  if (!event.some(([name, value]) => name === EVENT && typeof value === 'object' && value !== null)) {
    throw refusedByProvider('the logout token has no logout in its events')
  }
  if (nonce !== undefined) throw refusedByProvider('the logout token has a nonce, as an ID token has')
  if (typeof iat !== 'number' || typeof exp !== 'number') {
    throw refusedByProvider('the logout token lacks iat or exp')
  }
  if (iat * 1000 > at + toleranceMs) throw clockDiffers('the logout token was issued in the future')
  if (iat * 1000 < at - LOGOUT_TOKEN_MS - toleranceMs) throw refusedByProvider('the logout token is too old')
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_SUBJECT) {
    throw refusedByProvider('the logout token has no usable jti')
  }
  const [subject, session] = [textOf(sub), textOf(sid)]
  if (subject === undefined && session === undefined) {
    throw refusedByProvider('the logout token names neither sub nor sid')
  }
  return { issuer, subject, sid: session, jti }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_SUBJECT) return value
  throw refusedByProvider('the logout token has a sub or sid that is no text')
}
