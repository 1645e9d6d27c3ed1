/** Providers that were taken out of the settings: what they gave ends at the start. */
import type { Settings } from '../config/settings.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { Log } from '../domain/base/log.ts'
import type { UpstreamIdentities } from '../domain/records/upstream.ts'
import { mirrorDifferences } from '../domain/single-sign-on/provide-memberships.ts'
import { createEndRemovedProviders } from '../domain/single-sign-on/removed-providers.ts'
import type { DirectoryLink } from './directory.ts'

/** Whose sign-ins count: the providers of the settings, and the directory. */
export function knownIssuersOf(
  { oidc }: Pick<Settings, 'oidc'>,
  directory: Pick<DirectoryLink, 'directory'> | undefined,
): ReadonlySet<string> {
  const issuers = oidc.map(({ issuer }) => issuer)
  return new Set(directory ? [...issuers, directory.directory.issuer] : issuers)
}

/**
 * Ends here what removed providers gave, and resolves; the InfluxDB behind the server, which may be away, loses the
 * memberships beside that. They give no rights meanwhile, since this server decides about every request.
 */
export async function endRemovedProviders(
  deps: Parameters<typeof createEndRemovedProviders>[0] & {
    upstream: UpstreamIdentities | undefined
    log: Log
  },
): Promise<{ stop(): Promise<void> }> {
  const { upstream, log } = deps
  const lost = await createEndRemovedProviders(deps)()
  let isStopping = false
  async function mirror(): Promise<void> {
    for (const { user, differences } of upstream ? lost : []) {
      if (isStopping || !upstream) return
      try {
        await mirrorDifferences(upstream, user, differences)
      } catch (error) {
        log.warn('the InfluxDB behind this server keeps memberships of a removed provider', {
          ...{ userID: user.id, cause: String(error) },
          advice: '"sluice upstream status" shows what differs',
        })
        // The others would wait for it as long.
        if (error instanceof SluiceError && error.code === 'unavailable') return
      }
    }
  }
  const mirroring = mirror()
  return {
    async stop() {
      isStopping = true
      await mirroring
    },
  }
}
