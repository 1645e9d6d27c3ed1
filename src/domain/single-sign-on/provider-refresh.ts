/** Asks providers, while sessions live, whether their people are still there and in which groups. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Changes } from '../changes.ts'
import type { OnceStore } from '../records/once.ts'
import type { LinkedIdentity, LinkedIdentityStore } from '../records/outside-identity.ts'
import type { SessionStore } from '../records/session.ts'
import type { Seal } from '../second-factors/seal.ts'
import type { ConfiguredProvider, ConfiguredProviders } from './configured-provider.ts'
import type { EndOutside } from './end-outside.ts'
import { linksOfIssuer } from './links-of-issuer.ts'
import type { ProvideMemberships } from './provide-memberships.ts'
import { isAllowed } from './provider-rules.ts'
import { askedAt, openTokens, sealTokens } from './provider-tokens.ts'

/** Looks once at every identity that is due; returns how many were asked for. Errors of single ones are logged. */
export type RefreshDue = () => Promise<number>

/** How long a node has for one refresh before another may try. */
const CLAIM_MS = 60_000

const ORIGIN: RequestOrigin = { requestID: '', address: '', userAgent: '' }

export function createRefreshDue(deps: {
  providers: ConfiguredProviders
  linkedIdentities: Pick<LinkedIdentityStore, 'ofIssuer' | 'find'>
  sessionStore: Pick<SessionStore, 'ofUser'>
  provideMemberships: ProvideMemberships
  endOutside: EndOutside
  changes: Changes
  seal: Seal
  once: OnceStore
  now: Clock
  log: Pick<Log, 'warn'>
}): RefreshDue {
  const { now, seal } = deps

  async function hasSession({ userID, issuer }: LinkedIdentity): Promise<boolean> {
    const sessions = await deps.sessionStore.ofUser(userID)
    return sessions.some(({ expiresAt, outside }) => expiresAt > now() && outside?.issuer === issuer)
  }

  async function keep(link: LinkedIdentity, data: string | undefined): Promise<void> {
    await deps.changes(async (change) => change.linkedIdentities.setData(link, data))
  }

  async function refresh(
    configured: ConfiguredProvider,
    link: LinkedIdentity,
    asked: number,
  ): Promise<boolean> {
    const { provider, rules, maxLengthMs, endsThere } = configured
    // A refresh token that two nodes send is taken for a stolen one by providers that give a new one each time
    // (RFC 9700, 4.14.2), so no other node may claim it while the answer is still to come.
    const claim = `refresh ${link.issuer} ${link.subject} ${asked}`
    if (!(await hasSession(link)) || !(await deps.once.claim(claim, CLAIM_MS))) return false
    // Another node may have been faster while this one waited for the answers about others.
    if ((await deps.linkedIdentities.find(link))?.data !== link.data) return false
    const tokens = await openTokens(seal, link.data)
    if (tokens && tokens.refreshToken === undefined) return false
    try {
      if (!tokens?.refreshToken) throw new SluiceError('unauthorized', 'the key of the tokens is gone')
      const found = await provider.refresh(tokens.refreshToken, link.subject)
      if (!isAllowed(rules, found.identity)) {
        await keep(link, undefined)
        await deps.endOutside({ identity: link }, 'not-allowed')
        return true
      }
      const { refreshToken, idToken = tokens.idToken } = found
      await keep(
        link,
        await sealTokens(seal, { refreshToken, idToken: endsThere ? idToken : undefined }, now()),
      )
      await deps.provideMemberships(link.userID, found.identity, rules, ORIGIN)
    } catch (error) {
      const isRefused = error instanceof SluiceError && error.code === 'unauthorized'
      const isLong = now() - asked >= maxLengthMs
      deps.log.warn('a provider was asked about a user and gave no valid answer', {
        ...{ provider: provider.name, userID: link.userID, error: (error as Error).message },
        sessions: isRefused || isLong ? 'ended' : 'go on',
      })
      if (isRefused || isLong) {
        await keep(link, undefined)
        await deps.endOutside({ identity: link }, isRefused ? 'refresh-refused' : 'signed-out')
      }
    }
    return true
  }

  async function refreshAllOf(configured: ConfiguredProvider): Promise<number> {
    const { issuer, name } = configured.provider
    let count = 0
    for await (const link of linksOfIssuer(deps.linkedIdentities, issuer)) {
      const asked = askedAt(link.data)
      if (link.provider !== name || asked === undefined) continue
      if (now() - asked >= configured.refreshMs && (await refresh(configured, link, asked))) count += 1
    }
    return count
  }

  return async () => {
    let count = 0
    for (const configured of deps.providers.values()) {
      if (configured.refreshMs > 0) count += await refreshAllOf(configured)
    }
    return count
  }
}
