/** Checks the signed tokens (JWT) that programs bring from an issuer of the settings. */
import { decodeJwt, errors, type JSONWebKeySet, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import type { Clock } from '../domain/base/clock.ts'
import { SluiceError, unauthorized, unavailable } from '../domain/base/errors.ts'
import type { TokenIssuer, VerifiedToken } from '../domain/external-tokens/token-issuer.ts'
import { LONGEST_SUBJECT } from './checks.ts'
import { discoverKeys } from './issuer-keys.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { providerMisconfigured } from './problems.ts'
import { loadKeys } from './provider.ts'
import { createProviderFetch, type ProviderFetch } from './provider-fetch.ts'
import { checkedJwt } from './verify.ts'

export interface TokenIssuerOptions {
  readonly name: string
  /** The issuer's name as tokens have it in `iss`. */
  readonly url: string
  /** What `aud` must be, or have among others. */
  readonly audience: string
  readonly keysUrl: string | undefined
  /** Reads the keys of a file; undefined if they are fetched. */
  readonly readKeys: (() => Promise<JSONWebKeySet>) | undefined
  /** PEM; undefined for the authorities that Node trusts. */
  readonly ca: string | undefined
  readonly timeoutMs: number
  readonly toleranceMs: number
  /** From `iat` to `exp`. */
  readonly maxLengthMs: number
}

export interface OpenTokenIssuer extends TokenIssuer {
  readonly options: TokenIssuerOptions
  readonly keys: KeySet
  close(): Promise<void>
}

/** Asks the issuer for nothing until a token needs its keys. */
export function createTokenIssuer(options: TokenIssuerOptions, { now }: { now: Clock }): OpenTokenIssuer {
  const { name, url, audience, toleranceMs } = options
  const fetch = createProviderFetch(options)
  const keys = createKeySet({ now, load: () => loadKeysOf(options, fetch) })
  return {
    ...{ name, options, keys },
    async verify(token) {
      try {
        const at = now()
        const { claims, header } = await checkedJwt(token, keys, {
          ...{ issuer: url, audience, toleranceMs, at },
          requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
        })
        return checkToken(header, claims, { ...options, at })
      } catch (error) {
        throw problemOf(error)
      }
    },
    close: () => fetch.close(),
  }
}

function loadKeysOf(
  { url, keysUrl, readKeys }: TokenIssuerOptions,
  fetch: ProviderFetch,
): Promise<JSONWebKeySet> {
  if (readKeys) {
    return readKeys().catch((error) => {
      throw providerMisconfigured('its keys-file cannot be read', error)
    })
  }
  return keysUrl === undefined ? discoverKeys(url, fetch) : loadKeys(keysUrl, fetch)
}

/** Tokens of programs; RFC 9068, 2.1 for access tokens. All other types are for something else (RFC 8725, 3.11). */
const TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  'jwt',
  'application/jwt',
  'at+jwt',
  'application/at+jwt',
])

/**
 * Checks what is left of a token whose signature, issuer, audience, `exp` and `nbf` were checked. Throws an Error that
 * says what is wrong.
 */
export function checkToken(
  { typ }: ProtectedHeaderParameters,
  claims: JWTPayload,
  { at, toleranceMs, maxLengthMs }: Pick<TokenIssuerOptions, 'toleranceMs' | 'maxLengthMs'> & { at: number },
): VerifiedToken {
  if (!TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) {
    throw new Error(`it has the type of another token: ${typ}`)
  }
  const { sub, iat, exp, nonce, events } = claims
  // An ID token of a browser's sign-in, and a logout token.
  if (nonce !== undefined || events !== undefined) throw new Error('it is for a sign-in or a logout')
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > LONGEST_SUBJECT) {
    throw new Error('it has no usable sub')
  }
  if (!isTime(iat) || !isTime(exp)) throw new Error('its iat or exp is no time')
  if (iat * 1000 > at + toleranceMs) throw new Error('it was issued in the future (iat)')
  if (exp <= iat) throw new Error('it ended before it was issued')
  if ((exp - iat) * 1000 > maxLengthMs) throw new Error('it is valid for longer than max-length')
  return { subject: sub, claims, endsAt: exp * 1000, worksUntil: exp * 1000 + toleranceMs }
}

/** Seconds since 1970, within what dates can be. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value < Number.MAX_SAFE_INTEGER / 1000

const RETRY_AFTER_SECONDS = 5

/**
 * The error to answer with. If the issuer gives no usable answer, nothing is known about the token, so it is not
 * refused.
 */
function problemOf(error: unknown): SluiceError {
  if (error instanceof SluiceError || error instanceof errors.JWKSInvalid) {
    return unavailable('the issuer of this token does not answer as it should; try again shortly', {
      ...{ cause: error, reason: 'token-issuer-away', retryAfterSeconds: RETRY_AFTER_SECONDS },
    })
  }
  // Thrown after the signature was checked.
  if (error instanceof errors.JWTExpired && error.claim === 'exp') {
    return unauthorized('token-expired', 'token is expired', { cause: error })
  }
  return unauthorized('external-token-refused', 'the signed token is not valid for this server', {
    cause: error,
  })
}

/**
 * Finds the issuer that a token names, by `iss` and `aud`: clusters may share an issuer, and differ by the audience.
 * If no audience fits, it is the first one with that `iss`, which refuses the token.
 */
export function createIssuerOf<T extends TokenIssuer & { readonly options: TokenIssuerOptions }>(
  issuers: readonly T[],
): (token: string) => T | undefined {
  return (token) => {
    const { iss, aud } = claimsIn(token)
    const named = issuers.filter(({ options }) => options.url === iss)
    const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
    return named.find(({ options }) => audiences.includes(options.audience)) ?? named[0]
  }
}

/** The claims of a token that is not verified yet; empty for a text that is no token. */
export function claimsIn(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
