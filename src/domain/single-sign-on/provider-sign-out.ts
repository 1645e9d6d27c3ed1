/** Sign-out that also ends the session at the provider (OpenID Connect RP-Initiated Logout 1.0). */
import type { RequestOrigin } from '../access/principal.ts'
import { unauthorized } from '../base/errors.ts'
import { hashSecret } from '../base/secrets.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { SessionStore } from '../records/session.ts'
import type { Seal } from '../second-factors/seal.ts'
import type { WithLiveKey } from '../sessions/live-key.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { ConfiguredProviders } from './configured-provider.ts'
import { openTokens } from './provider-tokens.ts'

/**
 * Ends the session of these keys, and returns where the browser ends the one at the provider: undefined if the session
 * is not a provider's, the settings end it here only, or the provider is away. The session here ends in any case.
 */
export type ProviderSignOut = (keys: readonly string[], origin: RequestOrigin) => Promise<string | undefined>

export function createProviderSignOut(deps: {
  providers: ConfiguredProviders
  linkedIdentities: Pick<LinkedIdentityStore, 'find'>
  sessionStore: Pick<SessionStore, 'find'>
  sessions: Pick<Sessions, 'end'>
  withLiveKey: WithLiveKey
  seal: Seal
}): ProviderSignOut {
  return async (keys, origin) => {
    if (keys.length === 0) throw unauthorized('no-credentials')
    const outside = await deps.withLiveKey(keys, async (key) => {
      const session = await deps.sessionStore.find(hashSecret(key))
      await deps.sessions.end(key, origin)
      return session?.outside
    })
    const configured = outside && deps.providers.get(outside.provider)
    if (!outside || !configured?.endsThere) return undefined
    const link = await deps.linkedIdentities.find(outside)
    const tokens = await openTokens(deps.seal, link?.data)
    return configured.provider.logoutUrl(tokens?.idToken)
  }
}
