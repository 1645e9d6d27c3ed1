/** The gateway, if an upstream is configured: what it judges by, and how it reaches upstream. */
import type { ID } from '../domain/base/id.ts'
import { createBucketAccess } from '../domain/gateway/bucket-access.ts'
import { createDataDirectory, type DataDirectory } from '../domain/gateway/data-directory.ts'
import {
  createMintedTokens,
  LONGEST_LIFE_MS,
  MARGIN_MS,
  type MintedTokens,
} from '../domain/gateway/minted-tokens.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Stamp } from '../domain/records/stamps.ts'
import type { UpstreamResources, UpstreamTokens } from '../domain/records/upstream.ts'
import type { Comparison } from '../domain/upstream/comparison.ts'
import type { DescribedUpstream } from '../http/gateway/described.ts'
import { createGateway, type Gateway, type GatewayObserver } from '../http/gateway/gateway.ts'
import type { InFlight } from '../http/gateway/in-flight.ts'
import { createDescribedInfluxdb2 } from '../http/gateway/judges/described-influxdb2.ts'
import { matchPath } from '../http/gateway/route-table.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import { judgesOf } from './gateway-judges.ts'
import { type GatewayHttp, openGatewayParts } from './gateway-parts.ts'
import type { UpstreamSettings } from './upstream-files.ts'

export interface ComposedGateway extends Gateway {
  readonly directory: DataDirectory
  readonly tokens: MintedTokens
  readonly inFlight: InFlight
  readonly described: DescribedUpstream
  /** To be called when something about these users, or any organization or bucket, was changed. */
  forget(affected: ReadonlySet<ID> | 'everybody'): void
  close(): Promise<void>
}

/** Upstream, as the gateway asks it. */
export interface UpstreamParts {
  readonly settings: UpstreamSettings
  readonly tokens: UpstreamTokens
  readonly resources: UpstreamResources
  readonly comparison: Pick<Comparison, 'soon'> | undefined
  /** Tells the tokens of this node from those of other nodes. */
  readonly node: number
  /** Tells the tokens of this Sluice from those of another one with the same upstream. */
  readonly mark: () => Promise<string>
}

export function composeGateway(parts: {
  upstream: UpstreamParts
  store: Pick<IdentityStore, 'organizations' | 'buckets' | 'memberships' | 'dbrpMappings'>
  http: GatewayHttp
  observer: GatewayObserver
  now: () => number
  log: ServerLog
  stampOf: ((userID: ID) => Promise<Stamp>) | undefined
  /** Whether no other node uses the same upstream. */
  isAlone: boolean
}): ComposedGateway {
  const { store, now, log, stampOf } = parts
  const { settings, resources } = parts.upstream
  const directory = createDataDirectory({ ...store, now })
  const tokens = createMintedTokens({
    ...{ upstream: parts.upstream.tokens, resources, directory, now, log, stampOf },
    ...{ node: parts.upstream.node, mark: parts.upstream.mark, isAlone: parts.isAlone },
  })
  const opened = openGatewayParts(settings)
  const deps = { buckets: createBucketAccess(directory), directory, resources }
  const judges = judgesOf({
    ...deps,
    ...{ comparison: parts.upstream.comparison, memberships: store.memberships },
    ...{ taskRights: settings.taskRights, outbound: settings.outbound },
  })
  const gateway = createGateway({
    observer: parts.observer,
    ...parts.http,
    ...opened,
    tokens,
    tokenExists: ({ id }) => parts.upstream.tokens.exists(id),
    match: matchPath,
    judges,
  })
  const sweeping = sweepAtStart(tokens, parts)
  return {
    ...{ ...gateway, directory, tokens, inFlight: opened.inFlight },
    described: createDescribedInfluxdb2({ ...deps, judges, mappings: store.dbrpMappings }),
    forget(affected) {
      directory.forget()
      tokens.removeOf(affected)
    },
    async close() {
      sweeping.stop()
      await tokens.stop()
      await opened.transport.close()
    },
  }
}

const RETRY_MS = 60_000
const SWEEP_AGAIN_MS = LONGEST_LIFE_MS + MARGIN_MS

/**
 * Deletes upstream what earlier runs left, in the background, as soon as upstream is there; beside other nodes once more
 * when all that was left before the start is old enough.
 */
function sweepAtStart(
  tokens: Pick<MintedTokens, 'sweep'>,
  { isAlone, log }: { readonly isAlone: boolean; readonly log: Pick<ServerLog, 'debug'> },
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  function sweepIn(ms: number, isLast: boolean): void {
    timer = setTimeout(() => {
      tokens.sweep().then(
        () => {
          if (!isLast) sweepIn(SWEEP_AGAIN_MS, true)
        },
        (error: unknown) => {
          log.debug('tokens of earlier runs cannot be deleted upstream yet', { cause: String(error) })
          sweepIn(RETRY_MS, isLast)
        },
      )
    }, ms)
    timer.unref()
  }
  sweepIn(0, isAlone)
  return { stop: () => clearTimeout(timer) }
}
