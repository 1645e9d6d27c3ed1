/** The gateway beside the API: what they share, and which paths it is asked for. */

import type { ID } from '../domain/base/id.ts'
import { type BucketLabels, createBucketLabels, NO_LABELS } from '../domain/gateway/bucket-labels.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Stamp } from '../domain/records/stamps.ts'
import type { UpstreamLabels } from '../domain/records/upstream.ts'
import type { UpstreamWatch } from '../domain/upstream/upstream-watch.ts'
import { createAuthenticateLegacy } from '../http/gateway/legacy-authentication.ts'
import type { ClientLimits, DispatchEntry } from '../http/server/dispatch.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { ComposedDomain } from './domain.ts'
import { type ComposedGateway, composeGateway, type GatewayHttp, type UpstreamParts } from './gateway.ts'
import type { GatewayListeners } from './gateway-observer.ts'

export { type ComposedGateway, NO_LABELS }

/** Upstream, as the HTTP side asks it. */
export interface UpstreamOfHttp extends UpstreamParts {
  readonly labels: UpstreamLabels
  readonly watch: Pick<UpstreamWatch, 'isUp'> | undefined
  /** Reads the user's stamp, which other nodes and commands change; undefined if there are none. */
  readonly isAlone: boolean
  readonly stampOf: ((userID: ID) => Promise<Stamp>) | undefined
}

/** Composes the gateway, which from then on hears of the domain's changes. */
export function attachGateway(
  parts: {
    domain: ComposedDomain
    store: IdentityStore
    listeners: GatewayListeners
    metrics: Metrics
    now: () => number
    log: ServerLog
  },
  upstream: UpstreamOfHttp,
  shared: Omit<GatewayHttp, 'authenticateLegacy'>,
): ComposedGateway & { readonly bucketLabels: BucketLabels } {
  const { domain, store, listeners, metrics, now, log } = parts
  const { stampOf, isAlone } = upstream
  const http = { ...shared, authenticateLegacy: createAuthenticateLegacy(domain) }
  const gateway = composeGateway({ upstream, store, http, listeners, metrics, now, log, stampOf, isAlone })
  domain.onChange((affected) => gateway.forget(affected))
  const isUp = () => upstream.watch?.isUp() ?? false
  return {
    ...gateway,
    bucketLabels: createBucketLabels({ ...gateway, upstream: upstream.labels, isUp, log }),
  }
}

/** The paths below which the gateway has routes; it says itself which requests there are its own. */
const GATEWAY_PATHS: readonly string[] = ['/api/v2', '/api/v2private', '/write', '/query']

/** The gateway bounds the time of a body itself, by how long nothing of it arrives. */
export function gatewayEntries({ takes, handle }: ComposedGateway, limits: ClientLimits): DispatchEntry[] {
  const handler = { handle, limits: { ...limits, bodyTimeoutMs: 0 }, asksForBody: true } as const
  return GATEWAY_PATHS.map((path) => ({ path, takes, handler }))
}
