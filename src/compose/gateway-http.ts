/** The gateway beside the API: what they share, and which paths it is asked for. */

import type { ID } from '../domain/base/id.ts'
import { type BucketLabels, createBucketLabels, NO_LABELS } from '../domain/gateway/bucket-labels.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Stamp } from '../domain/records/stamps.ts'
import type { UpstreamLabels } from '../domain/records/upstream.ts'
import type { UpstreamWatch } from '../domain/upstream/upstream-watch.ts'
import type { DescribedUpstream } from '../http/gateway/described.ts'
import { createFront } from '../http/gateway/front.ts'
import type { Gateway } from '../http/gateway/gateway.ts'
import { createAuthenticateLegacy } from '../http/gateway/legacy-authentication.ts'
import { createOrganizationsOf } from '../http/gateway/organizations-of.ts'
import type { ClientLimits, DispatchEntry } from '../http/server/dispatch.ts'
import { createGatewayMetrics } from '../telemetry/gateway-metrics.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { composeDatabaseGateway } from './database-gateway.ts'
import type { DatabaseLink } from './database-links.ts'
import { describedByName } from './described-by-name.ts'
import type { DomainOfHttp } from './external-tokens.ts'
import { composeGateway, type UpstreamParts } from './gateway.ts'
import { createGatewayObserver, type GatewayListeners } from './gateway-observer.ts'
import type { GatewayHttp } from './gateway-parts.ts'

/** Upstream, as the HTTP side asks it. */
export interface UpstreamOfHttp extends UpstreamParts {
  readonly labels: UpstreamLabels
  readonly watch: Pick<UpstreamWatch, 'isUp'> | undefined
  /** Reads the user's stamp, which other nodes and commands change; undefined if there are none. */
  readonly isAlone: boolean
  readonly stampOf: ((userID: ID) => Promise<Stamp>) | undefined
}

export interface UpstreamsOfHttp {
  /** Undefined without an InfluxDB 2. */
  readonly influxdb2: UpstreamOfHttp | undefined
  readonly databases: readonly DatabaseLink[]
}

export interface ComposedGateways {
  readonly entries: (limits: ClientLimits) => readonly DispatchEntry[]
  readonly bucketLabels: BucketLabels
  /** The upstreams about whose requests other gateways may ask, by name. */
  readonly described: ReadonlyMap<string, DescribedUpstream>
  close(): Promise<void>
}

/** Composes the gateways, which from then on hear of the domain's changes. */
export function attachGateways(
  parts: {
    domain: DomainOfHttp
    store: IdentityStore
    listeners: GatewayListeners
    metrics: Metrics
    now: () => number
    log: ServerLog
  },
  upstreams: UpstreamsOfHttp,
  shared: Omit<GatewayHttp, 'authenticateLegacy'>,
): ComposedGateways {
  const { domain, store, listeners, now, log } = parts
  const { influxdb2, databases } = upstreams
  const metrics = createGatewayMetrics(parts.metrics.registry, {
    inFlight: () => all.reduce((sum, each) => sum + each.inFlight.count(), 0),
    mintedTokens: () => first?.tokens.count() ?? 0,
    droppedEvents: () => listeners.data?.dropped() ?? 0,
  })
  const observer = createGatewayObserver({ ...listeners, metrics, log })
  const http = { ...shared, authenticateLegacy: createAuthenticateLegacy(domain) }
  const first =
    influxdb2 && composeGateway({ upstream: influxdb2, ...influxdb2, store, http, observer, now, log })
  const authenticateLegacy = createAuthenticateLegacy({ ...domain, takesSessions: true })
  const others = databases.map((link) => ({
    ...composeDatabaseGateway(link, {
      ...{ store, observer, now, bucketRecords: domain.bucketRecords },
      http: { ...shared, authenticateLegacy },
      answersPing: link.settings.hosts.length > 0 || (!influxdb2 && databases.length === 1),
    }),
    settings: link.settings,
  }))
  const ofInfluxdb2 = first && {
    ...first,
    ...{ paths: GATEWAY_PATHS, organization: undefined, hosts: influxdb2.settings.hosts },
  }
  const all = [...(ofInfluxdb2 ? [ofInfluxdb2] : []), ...others]
  domain.onChange((affected) => {
    for (const each of all) each.forget(affected)
  })
  const isUp = () => influxdb2?.watch?.isUp() ?? false
  const front = createFront(
    all,
    createOrganizationsOf({
      authenticate: createAuthenticateLegacy({ ...domain, guard: { countWrongToken: async () => {} } }),
      ...{ organizations: store.organizations, clientAddress: shared.clientAddress },
    }),
  )
  return {
    entries: (limits) => gatewayEntries(front, new Set(all.flatMap(({ paths }) => paths)), limits),
    bucketLabels:
      first && influxdb2
        ? createBucketLabels({ ...first, upstream: influxdb2.labels, isUp, log })
        : NO_LABELS,
    described: describedByName([
      ...(first && influxdb2 ? [{ ...influxdb2, described: first.described }] : []),
      ...others,
    ]),
    close: async () => void (await Promise.all(all.map((each) => each.close()))),
  }
}

/** The paths below which the gateway has routes; it says itself which requests there are its own. */
const GATEWAY_PATHS: readonly string[] = ['/api/v2', '/api/v2private', '/write', '/query']

/** The gateway bounds the time of a body itself, by how long nothing of it arrives. */
function gatewayEntries(
  { takes, handle }: Pick<Gateway, 'takes' | 'handle'>,
  paths: ReadonlySet<string>,
  limits: ClientLimits,
): DispatchEntry[] {
  const handler = { handle, limits: { ...limits, bodyTimeoutMs: 0 }, asksForBody: true } as const
  return [...paths].map((path) => ({ path, takes, handler }))
}
