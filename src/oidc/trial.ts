/** Trying a provider step by step without a person, for `sluice oidc test`. */
import { randomBytes } from 'node:crypto'
import { ResponseBodyError } from 'openid-client'
import type { Clock } from '../domain/base/clock.ts'
import { causesOf, SluiceError } from '../domain/base/errors.ts'
import type { TrialStep } from '../domain/base/trial-step.ts'
import { createKeySet } from './key-set.ts'
import { discover, type Metadata } from './metadata.ts'
import { createProvider, loadKeys, type ProviderOptions } from './provider.ts'
import { createProviderFetch, type ProviderFetch } from './provider-fetch.ts'

/** Whether every step works. Nothing is stored, and no person is asked for anything. */
export async function tryProvider(
  options: ProviderOptions,
  { say, now }: { say: (step: TrialStep) => void; now: Clock },
): Promise<boolean> {
  const fetch = createProviderFetch(options)
  async function step<T>(work: () => Promise<T>, tell: (result: T) => string): Promise<T | undefined> {
    try {
      const result = await work()
      say({ outcome: 'ok', about: tell(result) })
      return result
    } catch (error) {
      say({ outcome: 'failed', about: sentencesOf(error as Error) })
      return undefined
    }
  }
  try {
    const metadata = await step(
      () => discover({ issuer: options.issuer, fetch }),
      () => `${options.issuer} answers, and names itself so`,
    )
    if (!metadata) return false
    for (const about of notesOf(metadata, options)) say({ outcome: 'note', about })
    const keys = createKeySet({ now, load: () => loadKeys(metadata.jwks_uri, fetch) })
    const found = await step(
      () => keys.for(undefined),
      ({ keys: all }) => `its keys can be read (${all.length})`,
    )
    const isKnown = await step(
      () => tryClient(options, { now, fetch }),
      () => `it knows ${options.clientID} with this secret`,
    )
    say({ outcome: 'note', about: `register there as the address to return to: ${options.redirectUri}` })
    return found !== undefined && isKnown !== undefined
  } finally {
    await fetch.close()
  }
}

/**
 * Redeems a code that the provider never gave. It checks the client before the code (RFC 6749, 4.1.3), so its refusal of
 * the code says that the client is right. Throws what else it says.
 */
async function tryClient(
  options: ProviderOptions,
  parts: { now: Clock; fetch: ProviderFetch },
): Promise<true> {
  const provider = createProvider(options, parts)
  const [state, nonce, verifier] = [secret(), secret(), secret()]
  try {
    await provider.finish(new URLSearchParams({ code: secret(), state, iss: options.issuer }).toString(), {
      ...{ state, nonce, verifier },
    })
    throw new Error('it took a code that it never gave')
  } catch (error) {
    if (isInvalidGrant(error)) return true
    throw error
  }
}

const secret = () => randomBytes(32).toString('base64url')

function isInvalidGrant(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ResponseBodyError) return each.error === 'invalid_grant'
  }
  return false
}

function notesOf(metadata: Metadata, { scopes }: ProviderOptions): string[] {
  const offered = metadata.scopes_supported
  const unknown = offered ? scopes.filter((scope) => !offered.includes(scope)) : []
  return [
    ...(metadata.code_challenge_methods_supported ? [] : ['it does not say whether it has PKCE by S256']),
    ...(unknown.length > 0 ? [`it does not name these scopes: ${unknown.join(', ')}`] : []),
    ...(metadata.end_session_endpoint
      ? []
      : ['it has no address to sign out, so logout = "provider" ends nothing']),
    ...(metadata.backchannel_logout_supported ? [] : ['it sends no back-channel logout']),
  ]
}

/** An error with its causes. If there is a cause, the sentence for people who sign in says less. */
export function sentencesOf(error: Error): string {
  const causes = causesOf(error)
  const isForPeople = error instanceof SluiceError && causes.length > 0
  return [...new Set(isForPeople ? causes : [error.message, ...causes])].join(': ')
}
