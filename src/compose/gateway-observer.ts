/** What is kept of each forwarded request: metrics, refusals in the audit log, failures in the log. */

import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import { actorOf } from '../domain/audit/done-event.ts'
import { SluiceError } from '../domain/base/errors.ts'
import type { GatewayObserver, GatewayRecord } from '../http/gateway/gateway.ts'
import type { UpstreamFailure } from '../http/gateway/transport.ts'
import { createFailureReporter } from '../telemetry/failure-reporter.ts'
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts'
import type { ServerLog } from '../telemetry/logger.ts'

const REFUSALS: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'too many requests'])

export function createGatewayObserver(parts: {
  audit: Pick<AuditTrail, 'refuse' | 'hasCounted'>
  metrics: GatewayMetrics
  log: ServerLog
}): GatewayObserver {
  const { audit, metrics, log } = parts
  // Upstream that is away fails each request; the log says so once a minute.
  const report = createFailureReporter({
    onError: (message) => log.error(message),
    now: () => performance.now(),
  })

  function noteRefusal(error: SluiceError, { route, origin, caller }: GatewayRecord): void {
    if (audit.hasCounted(error) || error.reason === 'no-credentials') return
    audit.refuse(error, {
      event: 'access',
      actor: caller ? actorOf(caller) : {},
      target: { type: 'route', name: route.name, orgID: error.orgID },
      origin,
    })
  }

  return {
    done(record) {
      const { route, status, bytesIn, bytesOut, error, outgoing, upstreamMs } = record
      metrics.count({
        ...{ class: route.class, status, orgID: outgoing?.orgID, bytesIn, bytesOut },
        upstreamSeconds: upstreamMs === undefined ? undefined : upstreamMs / 1000,
      })
      if (error === undefined) return
      if (!(error instanceof SluiceError)) {
        // Clients go away as they like.
        if (isAborted(error)) return
        report('the answer of a forwarded request was cut off', causeOf(error))
        return
      }
      if (REFUSALS.has(error.code)) noteRefusal(error, record)
      else if (error.code === 'unavailable' || error.code === 'internal error')
        report('a request could not be forwarded', error.cause ?? error)
    },
  }
}

const isAborted = (error: unknown) => (error as Partial<UpstreamFailure>).kind === 'aborted'

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error
}
