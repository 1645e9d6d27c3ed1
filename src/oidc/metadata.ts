/** What a provider says about itself, asked when it is needed (OpenID Connect Discovery 1.0, 4). */
import { allowInsecureRequests, customFetch, discovery, type ServerMetadata } from 'openid-client'
import type { Clock } from '../domain/base/clock.ts'
import { asProblem, providerMisconfigured } from './problems.ts'
import type { ProviderFetch } from './provider-fetch.ts'

export type Metadata = Readonly<ServerMetadata>

const KEPT_MS = 3600_000
const FIRST_PAUSE_MS = 3000
const LONGEST_PAUSE_MS = 60_000

/**
 * Returns the metadata, kept for an hour. After a failure it is asked for again after a pause, which grows from 3 to 60
 * seconds; until then metadata that is there stays in use, and without any the failure is thrown again.
 */
export function createMetadata(deps: {
  issuer: string
  fetch: Pick<ProviderFetch, 'send'>
  now: Clock
}): () => Promise<Metadata> {
  const { now } = deps
  let kept: { readonly metadata: Metadata; readonly at: number } | undefined
  let failed: { readonly error: unknown; readonly at: number; readonly pauseMs: number } | undefined
  let loading: Promise<Metadata> | undefined

  async function load(): Promise<Metadata> {
    try {
      const metadata = await discover(deps)
      kept = { metadata, at: now() }
      failed = undefined
      return metadata
    } catch (error) {
      const pauseMs = failed ? Math.min(2 * failed.pauseMs, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS
      failed = { error, at: now(), pauseMs }
      if (kept) return kept.metadata
      throw error
    } finally {
      loading = undefined
    }
  }

  return async () => {
    if (kept && now() - kept.at < KEPT_MS) return kept.metadata
    if (failed && now() - failed.at < failed.pauseMs) {
      if (kept) return kept.metadata
      throw failed.error
    }
    loading ??= load()
    return loading
  }
}

/** Asks now. Throws `provider-away` or `provider-misconfigured`. */
export async function discover(deps: {
  issuer: string
  fetch: Pick<ProviderFetch, 'send'>
}): Promise<Metadata> {
  const { issuer } = deps
  const config = await discovery(new URL(issuer), 'discovery', undefined, undefined, {
    [customFetch]: (url, options) => deps.fetch.send(url, options),
    ...(isPlain(issuer) ? { execute: [allowInsecureRequests] } : {}),
  }).catch((error) => {
    throw asProblem(error)
  })
  const { supportsPKCE: _, ...metadata } = config.serverMetadata()
  requireUsable(issuer, metadata)
  return metadata
}

/** Whether an issuer is reached without TLS, which settings allow on loopback only. */
export const isPlain = (issuer: string) => issuer.startsWith('http://')

/** Throws `provider-misconfigured` for metadata with which no sign-in would be safe. */
function requireUsable(issuer: string, metadata: Metadata): void {
  // The library takes issuers for the same that differ by a slash at the end.
  if (metadata.issuer !== issuer) {
    throw providerMisconfigured(`its issuer is ${JSON.stringify(metadata.issuer)}, and not ${issuer}`)
  }
  const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
  for (const name of needed) {
    if (metadata[name] === undefined) throw providerMisconfigured(`its metadata has no ${name}`)
  }
  const optional = ['userinfo_endpoint', 'end_session_endpoint', 'device_authorization_endpoint'] as const
  for (const name of [...needed, ...optional]) {
    const url = metadata[name]
    if (url === undefined) continue
    const isAllowed = URL.canParse(url) && (/^https:/.test(url) || (isPlain(issuer) && /^http:/.test(url)))
    if (!isAllowed) throw providerMisconfigured(`its ${name} is not https`)
  }
  const methods = metadata.code_challenge_methods_supported
  if (methods && !methods.includes('S256')) {
    throw providerMisconfigured('it has no PKCE by S256 (code_challenge_methods_supported)')
  }
  const types = metadata.response_types_supported
  if (types && !types.includes('code')) throw providerMisconfigured('it has no code flow')
}
