/** What is kept of a provider's tokens with an identity: sealed, and never sent to a browser or into a log. */
import type { Seal } from '../second-factors/seal.ts'

export interface ProviderTokens {
  /** Undefined if nothing is asked while a session lives. */
  readonly refreshToken: string | undefined
  /** For the end of the provider's session. */
  readonly idToken: string | undefined
}

/**
 * Seals them for the identity's `data`. When the provider was asked last stands in front in the clear, so that the
 * search for identities that are due opens no seal.
 *
 * @param at milliseconds since 1970
 */
export async function sealTokens(seal: Seal, tokens: ProviderTokens, at: number): Promise<string> {
  return `${at}:${await seal.seal('provider-tokens', JSON.stringify(tokens))}`
}

/** When the provider was asked last; undefined if nothing is kept. */
export function askedAt(data: string | undefined): number | undefined {
  const at = Number(data?.split(':', 1)[0] || Number.NaN)
  return Number.isFinite(at) ? at : undefined
}

/** Undefined for nothing, and for what was sealed with a key that is gone. */
export async function openTokens(seal: Seal, data: string | undefined): Promise<ProviderTokens | undefined> {
  const text = data && (await seal.open('provider-tokens', data.slice(data.indexOf(':') + 1)))
  return text ? (JSON.parse(text) as ProviderTokens) : undefined
}
