/** The public keys of an issuer that is no provider of sign-ins: Kubernetes, CI systems. */
import type { JSONWebKeySet } from 'jose'
import { isPlain } from './metadata.ts'
import { providerMisconfigured } from './problems.ts'
import { loadKeys } from './provider.ts'
import type { ProviderFetch } from './provider-fetch.ts'

const METADATA_PATH = '/.well-known/openid-configuration'

/**
 * Asks the issuer where its keys are (OpenID Connect Discovery 1.0, 4), and for them. Of what the metadata must have for
 * sign-ins, Kubernetes has only the issuer and `jwks_uri`, so no more is asked for. Throws `provider-away` or
 * `provider-misconfigured`.
 */
export async function discoverKeys(
  issuer: string,
  fetch: Pick<ProviderFetch, 'send'>,
): Promise<JSONWebKeySet> {
  return loadKeys(await keysUrlOf(issuer, fetch), fetch)
}

async function keysUrlOf(issuer: string, fetch: Pick<ProviderFetch, 'send'>): Promise<string> {
  const answer = await fetch.send(`${issuer.replace(/\/$/, '')}${METADATA_PATH}`, {
    ...{ method: 'GET', headers: { accept: 'application/json' } },
  })
  const found: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
  if (typeof found !== 'object' || found === null) {
    throw providerMisconfigured(`its metadata cannot be read (status ${answer.status})`)
  }
  const { issuer: named, jwks_uri: url } = found as { issuer?: unknown; jwks_uri?: unknown }
  if (named !== issuer) {
    throw providerMisconfigured(`its issuer is ${JSON.stringify(named)}, and not ${issuer}`)
  }
  const isAllowed =
    typeof url === 'string' &&
    URL.canParse(url) &&
    (/^https:/.test(url) || (isPlain(issuer) && /^http:/.test(url)))
  if (!isAllowed) throw providerMisconfigured('its jwks_uri is missing, or is not https')
  return url
}

/** Reads a JWKS. Throws an Error that says what is wrong with the text. */
export function parseKeys(text: string): JSONWebKeySet {
  const found: unknown = JSON.parse(text)
  const keys = (found as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('it has no list of keys')
  for (const key of keys as readonly (Readonly<Record<string, unknown>> | null)[]) {
    // With a secret key beside the public one, a reader of the file could sign tokens.
    if (typeof key !== 'object' || key === null || key.kty === 'oct' || key.d !== undefined) {
      throw new Error('it has a key that is no public one')
    }
  }
  return { keys }
}
