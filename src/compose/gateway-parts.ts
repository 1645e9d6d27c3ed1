/** What the gateways to all kinds of upstream are made of, by the settings of an upstream. */
import type { GatewayDeps } from '../http/gateway/gateway.ts'
import { createInFlight } from '../http/gateway/in-flight.ts'
import { createPassedBytes } from '../http/gateway/passed-bytes.ts'
import { securityHeaders } from '../http/protection/security-headers.ts'
import type { UpstreamSettings } from './upstream-files.ts'
import { openGatewayTransport } from './upstream-transport.ts'

/** What the gateway needs of the HTTP side. */
export type GatewayHttp = Pick<
  GatewayDeps,
  'authenticate' | 'authenticateLegacy' | 'clientAddress' | 'cookie' | 'cors' | 'createRequestID' | 'lead'
>

/** Throws ConfigurationError for a file of the settings that cannot be read. */
export function openGatewayParts(settings: UpstreamSettings) {
  return {
    transport: openGatewayTransport(settings),
    inFlight: createInFlight({ total: settings.maxInFlight, perUser: settings.maxInFlightPerUser }),
    timeouts: { write: settings.writeTimeout, query: settings.queryTimeout, other: settings.timeout },
    maxWriteBytes: settings.maxWriteSize,
    leftOut: LEFT_OUT,
    // Defined only if the process was started with src/memory-settings.ts.
    onPassed: createPassedBytes(() => globalThis.gc?.({ type: 'minor', execution: 'sync' })),
  }
}

/** What this server says with each answer of its own, and upstream of its answers itself. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['x-influxdb-build', 'x-influxdb-version'],
  ...Object.keys(securityHeaders({ strictTransportSeconds: undefined })),
])
