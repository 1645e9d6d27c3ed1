/** Metrics of forwarded requests. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface ForwardedRequest {
  readonly class: string
  readonly status: number
  /** Undefined if the request was refused before it was known. */
  readonly orgID: string | undefined
  readonly bytesIn: number
  readonly bytesOut: number
  /** Undefined if it was not sent upstream. */
  readonly upstreamSeconds: number | undefined
}

export interface GatewayMetrics {
  count(request: ForwardedRequest): void
}

/** The counts of one class and organization. */
interface Totals {
  readonly labels: { readonly class: string; readonly organization: string }
  readonly byStatus: Map<number, number>
  bytesIn: number
  bytesOut: number
  upstreamSeconds: number
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
  /** Totals by class, then organization. Requests only add numbers; the series are built when metrics are read. */
  const counted = new Map<string, Map<string, Totals>>()

  function totalsOf(name: string, organization: string): Totals {
    const known = counted.get(name)?.get(organization)
    if (known) return known
    const labels = { class: name, organization }
    const made = { labels, byStatus: new Map(), bytesIn: 0, bytesOut: 0, upstreamSeconds: 0 }
    const ofClass = counted.get(name) ?? new Map<string, Totals>()
    counted.set(name, ofClass.set(organization, made))
    return made
  }

  function* all(): Iterable<Totals> {
    for (const ofClass of counted.values()) yield* ofClass.values()
  }

  new Counter({
    name: 'sluice_gateway_requests_total',
    help: 'Requests to the gateway by class, organization and status',
    labelNames: [...labelNames, 'status'] as const,
    registers,
    collect() {
      this.reset()
      for (const { labels, byStatus } of all()) {
        for (const [status, count] of byStatus) this.inc({ ...labels, status }, count)
      }
    },
  })
  function counter(name: string, help: string, from: (totals: Totals) => number): void {
    new Counter({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset()
        for (const totals of all()) this.inc(totals.labels, from(totals))
      },
    })
  }
  counter(
    'sluice_gateway_request_bytes_total',
    'Bytes of request bodies that the gateway took, as they were sent',
    ({ bytesIn }) => bytesIn,
  )
  counter(
    'sluice_gateway_response_bytes_total',
    'Bytes of answers that the gateway handed on, as they were sent',
    ({ bytesOut }) => bytesOut,
  )
  counter(
    'sluice_gateway_upstream_seconds_total',
    'Time from sending a request upstream to the end of its answer',
    ({ upstreamSeconds }) => upstreamSeconds,
  )
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
      const { status, upstreamSeconds } = request
      const totals = totalsOf(request.class, request.orgID ?? '')
      totals.byStatus.set(status, (totals.byStatus.get(status) ?? 0) + 1)
      totals.bytesIn += request.bytesIn
      totals.bytesOut += request.bytesOut
      if (upstreamSeconds !== undefined) totals.upstreamSeconds += upstreamSeconds
    },
  }
}
