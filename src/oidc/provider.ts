/** An OpenID Connect provider, by openid-client and the checks that it leaves out. */
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Clock } from '../domain/base/clock.ts'
import type { OutsideProvider, OutsideSignIn } from '../domain/records/outside-provider.ts'
import type { Claims } from '../domain/single-sign-on/claims.ts'
import { checkIDToken } from './checks.ts'
import { type ClaimNames, identityOf, joinClaims, tellsAll } from './claims.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { checkLogoutToken } from './logout-token.ts'
import { createMetadata, isPlain, type Metadata } from './metadata.ts'
import { asProblem, providerMisconfigured, refusedByProvider } from './problems.ts'
import { createProviderFetch, type ProviderFetch } from './provider-fetch.ts'
import { verifyJwt } from './verify.ts'

export interface ProviderOptions {
  readonly name: string
  /** Exactly as the provider writes it in `iss`. */
  readonly issuer: string
  readonly clientID: string
  /** Read for each request, so that the secret can be changed; undefined for a public client. */
  readonly clientSecret: () => string | undefined
  readonly scopes: readonly string[]
  /** PEM; undefined for the authorities that Node trusts. */
  readonly ca: string | undefined
  readonly timeoutMs: number
  readonly toleranceMs: number
  readonly claims: ClaimNames
  /** `auto`: if the ID token lacks groups, the name, or what the rules look at. */
  readonly userinfo: 'auto' | 'always' | 'never'
  /** How long ago the user may have authenticated at the provider; undefined for any time. */
  readonly maxAgeMs: number | undefined
  /** Byte for byte as it is registered at the provider. */
  readonly redirectUri: string
  /** Where the browser returns once the provider's session has ended. */
  readonly postLogoutRedirectUri: string
}

/** The parameters of an authorization response that count (RFC 6749, 4.1.2; RFC 9207). Others are dropped. */
const RESPONSE_PARAMETERS: ReadonlySet<string> = new Set([
  ...['code', 'state', 'iss', 'error', 'error_description', 'error_uri'],
])

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

export interface OpenProvider extends OutsideProvider {
  close(): Promise<void>
}

/** Asks the provider for nothing until it is needed. */
export function createProvider(
  options: ProviderOptions,
  { now, fetch = createProviderFetch(options) }: { now: Clock; fetch?: ProviderFetch },
): OpenProvider {
  const { name, issuer, clientID, toleranceMs, maxAgeMs } = options
  const metadataOf = createMetadata({ issuer, fetch, now })
  const keys = createKeySet({ now, load: async () => loadKeys((await metadataOf()).jwks_uri, fetch) })
  const configure = () => configurationOf(options, { metadataOf, keys, fetch })

  /** Checks the rest of what the token endpoint answered, and adds what userinfo tells. */
  async function signInOf(
    config: Configuration,
    tokens: Tokens,
    { authenticatedAfter, expected }: { authenticatedAfter?: number | undefined; expected?: string },
  ): Promise<OutsideSignIn> {
    const { id_token: idToken } = tokens
    const fromToken: Claims | undefined = tokens.claims()
    const rules = { clientID, toleranceMs, at: now(), authenticatedAfter }
    const subject =
      idToken === undefined || fromToken === undefined
        ? expected
        : checkIDToken(decodeProtectedHeader(idToken), fromToken, rules)
    if (subject === undefined) throw refusedByProvider('it sent no ID token')
    if (expected !== undefined && subject !== expected) {
      throw refusedByProvider('it refreshed the sign-in of another user')
    }
    const asksUserinfo =
      fromToken === undefined ||
      options.userinfo === 'always' ||
      (options.userinfo === 'auto' && !tellsAll(fromToken, options.claims))
    const more =
      asksUserinfo && config.serverMetadata().userinfo_endpoint !== undefined
        ? await fetchUserInfo(config, tokens.access_token, subject)
        : undefined
    if (fromToken === undefined && more === undefined) {
      throw providerMisconfigured('a refresh brings no ID token, and it has no userinfo_endpoint')
    }
    const claims = joinClaims(fromToken, more)
    return {
      identity: identityOf({ provider: name, issuer, subject }, claims, options.claims),
      sid: typeof fromToken?.sid === 'string' && fromToken.sid !== '' ? fromToken.sid : undefined,
      idToken,
      refreshToken: tokens.refresh_token,
    }
  }

  /** Every error becomes one with a reason. */
  const guarded = async <T>(act: (config: Configuration) => Promise<T>): Promise<T> => {
    try {
      return await act(await configure())
    } catch (error) {
      throw asProblem(error)
    }
  }

  return {
    ...{ name, issuer },

    begin: (secrets, isAgain) =>
      guarded(async (config) => {
        const maxAge = isAgain ? 0 : maxAgeMs
        const url = buildAuthorizationUrl(config, {
          ...{ redirect_uri: options.redirectUri, response_type: 'code', scope: options.scopes.join(' ') },
          ...{ state: secrets.state, nonce: secrets.nonce, code_challenge_method: 'S256' },
          code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
          ...(isAgain ? { prompt: 'login' } : {}),
          ...(maxAge === undefined ? {} : { max_age: String(maxAge / 1000) }),
        })
        return url.href
      }),

    finish: (query, secrets, authenticatedAfter) =>
      guarded(async (config) => {
        const { state, nonce, verifier } = secrets
        const tokens = await authorizationCodeGrant(config, answerOf(options.redirectUri, query), {
          ...{
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
        })
        const oldest = maxAgeMs === undefined ? undefined : now() - maxAgeMs
        const bounds = [authenticatedAfter, oldest].filter((each) => each !== undefined)
        return signInOf(config, tokens, {
          authenticatedAfter: bounds.length > 0 ? Math.max(...bounds) : undefined,
        })
      }),

    refresh: (refreshToken, subject) =>
      guarded(async (config) => {
        const tokens = await refreshTokenGrant(config, refreshToken)
        const found = await signInOf(config, tokens, { expected: subject })
        return { ...found, refreshToken: found.refreshToken ?? refreshToken }
      }),

    async logoutUrl(idToken) {
      try {
        const config = await configure()
        if (config.serverMetadata().end_session_endpoint === undefined) return undefined
        const url = buildEndSessionUrl(config, {
          post_logout_redirect_uri: options.postLogoutRedirectUri,
          ...(idToken === undefined ? {} : { id_token_hint: idToken }),
        })
        return url.href
      } catch {
        return undefined
      }
    },

    async readLogout(token) {
      const at = now()
      const { header, claims } = await verifyJwt(token, keys, {
        ...{ issuer, audience: clientID, toleranceMs, at },
      })
      return checkLogoutToken(header, claims, { issuer, toleranceMs, at })
    },

    close: () => fetch.close(),
  }
}

/** The callback as it was called, with the parameters that count: one that comes twice stays double. */
function answerOf(redirectUri: string, query: string): URL {
  const url = new URL(redirectUri)
  for (const [name, value] of new URLSearchParams(query)) {
    if (RESPONSE_PARAMETERS.has(name)) url.searchParams.append(name, value)
  }
  return url
}

/**
 * A configuration for one exchange. The library keeps keys for five minutes whatever happens, so it gets a new
 * configuration each time, and its request for the keys is answered by `keys`, which looks again for an unknown one.
 */
async function configurationOf(
  options: ProviderOptions,
  parts: { metadataOf: () => Promise<Metadata>; keys: KeySet; fetch: ProviderFetch },
): Promise<Configuration> {
  const metadata = await parts.metadataOf()
  const config = new Configuration(
    metadata,
    options.clientID,
    { [clockTolerance]: options.toleranceMs / 1000 },
    authenticationOf(metadata, options.clientSecret()),
  )
  let kid: string | undefined
  config[customFetch] = async (url, sent) => {
    if (url === metadata.jwks_uri) return Response.json(await parts.keys.for(kid))
    const answer = await parts.fetch.send(url, sent)
    if (url === metadata.token_endpoint) kid = await keyIDIn(answer.clone())
    return answer
  }
  if (isPlain(options.issuer)) allowInsecureRequests(config)
  enableNonRepudiationChecks(config)
  return config
}

/**
 * How the client sends its secret: a way that the provider supports, by header if it does not say (Discovery 1.0, 3).
 */
function authenticationOf(metadata: Metadata, secret: string | undefined): ClientAuth {
  if (secret === undefined) return None()
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const isPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
  return isPost ? ClientSecretPost(secret) : ClientSecretBasic(secret)
}

/** The key id of the ID token in an answer of the token endpoint; undefined if there is none that can be read. */
async function keyIDIn(answer: Response): Promise<string | undefined> {
  try {
    const { id_token: token } = (await answer.json()) as { id_token?: unknown }
    return typeof token === 'string' ? decodeProtectedHeader(token).kid : undefined
  } catch {
    return undefined
  }
}

export async function loadKeys(
  url: string | undefined,
  fetch: Pick<ProviderFetch, 'send'>,
): Promise<JSONWebKeySet> {
  if (url === undefined) throw providerMisconfigured('its metadata has no jwks_uri')
  const answer = await fetch.send(url, { method: 'GET', headers: { accept: 'application/json' } })
  const found: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
  if (typeof found === 'object' && found !== null && Array.isArray((found as JSONWebKeySet).keys)) {
    return found as JSONWebKeySet
  }
  throw providerMisconfigured(`its keys cannot be read (status ${answer.status})`)
}
