/** Metrics of forwarded requests. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface ForwardedRequest {
  readonly class: string
  readonly status: number
  /** Undefined where the request was refused before it was known. */
  readonly orgID: string | undefined
  readonly bytesIn: number
  readonly bytesOut: number
  /** Undefined where it was not sent upstream. */
  readonly upstreamSeconds: number | undefined
}

export interface GatewayMetrics {
  count(request: ForwardedRequest): void
}

export function createGatewayMetrics(
  registry: Registry,
  gauges: {
    readonly inFlight: () => number
    readonly mintedTokens: () => number
    /** How many audit events of queries and deletes were dropped. */
    readonly droppedEvents: () => number
  },
): GatewayMetrics {
  const registers = [registry]
  const labelNames = ['class', 'organization'] as const
  const requests = new Counter({
    name: 'sluice_gateway_requests_total',
    help: 'Requests to the gateway by class, organization and status',
    labelNames: [...labelNames, 'status'] as const,
    registers,
  })
  const bytesIn = new Counter({
    name: 'sluice_gateway_request_bytes_total',
    help: 'Bytes of request bodies that the gateway took, as they were sent',
    labelNames,
    registers,
  })
  const bytesOut = new Counter({
    name: 'sluice_gateway_response_bytes_total',
    help: 'Bytes of answers that the gateway handed on, as they were sent',
    labelNames,
    registers,
  })
  const upstreamSeconds = new Counter({
    name: 'sluice_gateway_upstream_seconds_total',
    help: 'Time from sending a request upstream to the end of its answer',
    labelNames,
    registers,
  })
  new Gauge({
    name: 'sluice_gateway_in_flight',
    help: 'Requests that are being forwarded',
    registers,
    collect() {
      this.set(gauges.inFlight())
    },
  })
  new Gauge({
    name: 'sluice_gateway_minted_tokens',
    help: 'Tokens that this node has upstream',
    registers,
    collect() {
      this.set(gauges.mintedTokens())
    },
  })
  new Counter({
    name: 'sluice_gateway_dropped_audit_events_total',
    help: 'Audit events of queries and deletes that were dropped, since too many waited for the store',
    registers,
    collect() {
      this.reset()
      this.inc(gauges.droppedEvents())
    },
  })
  return {
    count(request) {
      const labels = { class: request.class, organization: request.orgID ?? '' }
      requests.inc({ ...labels, status: request.status })
      bytesIn.inc(labels, request.bytesIn)
      bytesOut.inc(labels, request.bytesOut)
      if (request.upstreamSeconds !== undefined) upstreamSeconds.inc(labels, request.upstreamSeconds)
    },
  }
}
