/** The gateway, where an upstream is configured: what it judges by, and how it reaches upstream. */
import { readFileSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import type { ID } from '../domain/base/id.ts'
import { createBucketAccess } from '../domain/gateway/bucket-access.ts'
import { createDataDirectory, type DataDirectory } from '../domain/gateway/data-directory.ts'
import { createMintedTokens, type MintedTokens } from '../domain/gateway/minted-tokens.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { UpstreamResources, UpstreamTokens } from '../domain/records/upstream.ts'
import { createGateway, type Gateway, type GatewayDeps } from '../http/gateway/gateway.ts'
import { createInFlight, type InFlight } from '../http/gateway/in-flight.ts'
import { judgeBucketInBody } from '../http/gateway/judges/bucket-in-body.ts'
import { type FluxDeps, judgeQuery, judgeStoredText, judgeTemplate } from '../http/gateway/judges/flux.ts'
import { judgeLegacyQuery, judgeLegacyWrite } from '../http/gateway/judges/legacy.ts'
import { judgeOperator } from '../http/gateway/judges/operator.ts'
import { judgeResource, refuse } from '../http/gateway/judges/resource.ts'
import { judgeStoredFlux, type StoredFluxDeps } from '../http/gateway/judges/stored-flux.ts'
import { judgeDelete, judgeWrite } from '../http/gateway/judges/write.ts'
import { createTransport } from '../http/gateway/undici-transport.ts'
import { securityHeaders } from '../http/protection/security-headers.ts'
import { createGatewayMetrics } from '../telemetry/gateway-metrics.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createGatewayObserver, type GatewayListeners } from './gateway-observer.ts'

export type UpstreamSettings = Settings['upstream'][number]

export interface ComposedGateway extends Gateway {
  readonly directory: DataDirectory
  readonly tokens: MintedTokens
  readonly inFlight: InFlight
  /** To be called when something about these users, or any organization or bucket, was changed. */
  forget(affected: ReadonlySet<ID> | 'everybody'): void
  close(): Promise<void>
}

/** What the gateway needs of the HTTP side. */
export type GatewayHttp = Pick<
  GatewayDeps,
  'authenticate' | 'authenticateLegacy' | 'clientAddress' | 'cookie' | 'cors' | 'createRequestID'
>

/** Upstream, as the gateway asks it. */
export interface UpstreamParts {
  readonly settings: UpstreamSettings
  readonly tokens: UpstreamTokens
  readonly resources: UpstreamResources
  /** Tells the tokens of this node from those of other nodes. */
  readonly node: number
}

export function composeGateway(parts: {
  upstream: UpstreamParts
  store: Pick<IdentityStore, 'organizations' | 'buckets' | 'memberships'>
  http: GatewayHttp
  listeners: GatewayListeners
  metrics: Pick<Metrics, 'registry'>
  now: () => number
  log: ServerLog
}): ComposedGateway {
  const { store, now, log } = parts
  const { settings, resources } = parts.upstream
  const directory = createDataDirectory({ ...store, now })
  const tokens = createMintedTokens({
    ...{ upstream: parts.upstream.tokens, directory, now, log },
    label: `sluice node ${parts.upstream.node}:`,
  })
  const transport = createTransport({
    url: settings.url,
    connections: settings.connections,
    connectTimeoutMs: settings.connectTimeout,
    ca: pem(settings.caFile),
    cert: pem(settings.clientCertFile),
    key: pem(settings.clientKeyFile),
  })
  const inFlight = createInFlight({ total: settings.maxInFlight, perUser: settings.maxInFlightPerUser })
  const metrics = createGatewayMetrics(parts.metrics.registry, {
    inFlight: inFlight.count,
    mintedTokens: tokens.count,
    droppedEvents: () => parts.listeners.data?.dropped() ?? 0,
  })
  const gateway = createGateway({
    observer: createGatewayObserver({ ...parts.listeners, metrics, log }),
    leftOut: LEFT_OUT,
    ...parts.http,
    ...{ tokens, transport, inFlight },
    tokenExists: ({ id }) => parts.upstream.tokens.exists(id),
    judges: judgesOf({
      ...{ buckets: createBucketAccess(directory), directory, resources },
      ...{ memberships: store.memberships, taskRights: settings.taskRights, outbound: settings.outbound },
    }),
    timeouts: { write: settings.writeTimeout, query: settings.queryTimeout, other: settings.timeout },
    maxWriteBytes: settings.maxWriteSize,
  })
  return {
    ...{ ...gateway, directory, tokens, inFlight },
    forget(affected) {
      directory.forget()
      tokens.removeOf(affected)
    },
    async close() {
      await tokens.stop()
      await transport.close()
    },
  }
}

function judgesOf(deps: StoredFluxDeps & FluxDeps): GatewayDeps['judges'] {
  const resource = judgeResource(deps)
  return {
    resource,
    write: judgeWrite(deps.buckets),
    delete: judgeDelete(deps.buckets),
    flux: judgeQuery(deps),
    'legacy-write': judgeLegacyWrite,
    'legacy-query': judgeLegacyQuery,
    'runs-flux': judgeStoredFlux(deps, judgeStoredText(deps)),
    template: judgeTemplate(deps, () => {}),
    'bucket-in-body': judgeBucketInBody(deps),
    operator: judgeOperator(resource),
    refused: refuse,
  }
}

/** What this server says with each answer of its own, and upstream of its answers itself. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['x-influxdb-build', 'x-influxdb-version'],
  ...Object.keys(securityHeaders({ strictTransportSeconds: undefined })),
])

function pem(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFileSync(path)
}
