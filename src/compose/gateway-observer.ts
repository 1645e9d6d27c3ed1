/** What is kept of each forwarded request: metrics, traffic, upstream's state, the audit log, failures in the log. */

import { userIDOf } from '../domain/access/principal.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { DataTrail, DataUse } from '../domain/audit/data-trail.ts'
import { actorOf } from '../domain/audit/done-event.ts'
import { type ErrorCode, SluiceError } from '../domain/base/errors.ts'
import type { TrafficAccount } from '../domain/traffic/traffic-account.ts'
import type { ObservedUpstream } from '../domain/traffic/upstream-state.ts'
import type { GatewayObserver, GatewayRecord } from '../http/gateway/gateway.ts'
import { GatewayFailure } from '../http/gateway/relay.ts'
import type { GatewayRoute } from '../http/gateway/route-table.ts'
import type { UpstreamFailure } from '../http/gateway/transport.ts'
import { createFailureReporter } from '../telemetry/failure-reporter.ts'
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts'
import type { ServerLog } from '../telemetry/logger.ts'

const REFUSALS: ReadonlySet<string> = new Set<ErrorCode>(['unauthorized', 'forbidden', 'too many requests'])
/** What InfluxDB itself refuses: it judges most resources by the rights of the token that a request has there. */
const REFUSED_UPSTREAM: Readonly<Partial<Record<number, ErrorCode>>> = {
  401: 'unauthorized',
  403: 'forbidden',
  429: 'too many requests',
}

/** Who hears of forwarded requests. */
export interface GatewayListeners {
  readonly audit: Pick<AuditTrail, 'refuse' | 'hasCounted'>
  /** Undefined if the use of data is not recorded. */
  readonly data: Pick<DataTrail, 'note' | 'dropped'> | undefined
  readonly traffic: Pick<TrafficAccount, 'note'>
  /** Undefined without any upstream. */
  readonly upstream: Pick<ObservedUpstream, 'answered' | 'away'> | undefined
}

export function createGatewayObserver(
  parts: GatewayListeners & { readonly metrics: GatewayMetrics; readonly log: ServerLog },
): GatewayObserver {
  const { audit, data, traffic, upstream, metrics, log } = parts
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

  function noteState({ error, outgoing, upstreamMs }: GatewayRecord): void {
    if (upstreamMs !== undefined && error === undefined) upstream?.answered()
    else if (AWAY.has(failureOf(error)?.kind ?? '')) upstream?.away()
    // No token could be made upstream, so nothing was sent.
    else if (outgoing && upstreamMs === undefined && isUnavailable(error)) upstream?.away()
  }

  /** The error of a request that was not answered in full, or that InfluxDB refused; in the log or the audit log. */
  function noteError(record: GatewayRecord): void {
    const { error, status, outgoing } = record
    const code = REFUSED_UPSTREAM[status]
    if (error === undefined) {
      if (code) noteRefusal(new SluiceError(code, 'InfluxDB refused it', { orgID: outgoing?.orgID }), record)
    } else if (!(error instanceof SluiceError)) {
      if (!isAborted(error)) report('the answer of a forwarded request was cut off', causeOf(error))
    } else if (REFUSALS.has(error.code)) noteRefusal(error, record)
    else if (error.code === 'unavailable' || error.code === 'internal error')
      report('a request could not be forwarded', error.cause ?? error)
  }

  return {
    done(record) {
      const { route, status, bytesIn, bytesOut, outgoing, upstreamMs } = record
      metrics.count({
        ...{ class: route.class, status, orgID: outgoing?.orgID, bytesIn, bytesOut },
        upstreamSeconds: upstreamMs === undefined ? undefined : upstreamMs / 1000,
      })
      traffic.note(trafficOf(record))
      noteState(record)
      noteError(record)
      const use = data && dataUseOf(record)
      if (use) data.note(use)
    },
  }
}

/** Clients go away as they like. */
const isAborted = (error: unknown) => (error as Partial<UpstreamFailure>).kind === 'aborted'

function trafficOf({ caller, outgoing, status, error, bytesIn, bytesOut }: GatewayRecord) {
  const refusedIn = error instanceof SluiceError ? error.orgID : undefined
  return {
    orgID: outgoing?.orgID ?? refusedIn ?? caller?.principal.authorizationOrgID,
    userID: caller && userIDOf(caller.principal),
    authorizationID: caller?.principal.authorizationID,
    ...{ status, bytesIn, bytesOut, isCutOff: isCutOff(error) },
  }
}

/** What the audit log may keep of a request for data; undefined for others, and for what this server refused. */
function dataUseOf(record: GatewayRecord): DataUse | undefined {
  const { route, caller, outgoing, status, error, durationMs } = record
  const kind = dataKindOf(route)
  if (!kind || !caller || !outgoing) return undefined
  if (error instanceof SluiceError && REFUSALS.has(error.code)) return undefined
  const { orgID, bucketID, database, statement } = outgoing
  return {
    ...{ kind, caller, orgID, bucketID, database, statement, durationMs, outcome: outcomeOf(record) },
    status: status === 0 ? undefined : status,
  }
}

function dataKindOf({ judgement, class: requestClass }: GatewayRoute): DataUse['kind'] | undefined {
  if (judgement === 'delete') return 'delete'
  return requestClass === 'other' ? undefined : requestClass
}

function outcomeOf({ status, error }: GatewayRecord): DataUse['outcome'] {
  if (status === 429) return 'throttled'
  if (REFUSED_UPSTREAM[status]) return 'refused'
  return error === undefined && status >= 200 && status < 400 ? 'success' : 'failed'
}

const AWAY: ReadonlySet<string> = new Set(['refused', 'timeout'])

/** How the exchange with upstream failed, before or within its answer. */
function failureOf(error: unknown): UpstreamFailure | undefined {
  if (error instanceof GatewayFailure) return error.failure
  return isCutOff(error) ? (error as UpstreamFailure) : undefined
}

/** The gateway hands on the failure itself if the client has a part of the answer already. */
function isCutOff(error: unknown): boolean {
  return error !== undefined && !(error instanceof SluiceError)
}

function isUnavailable(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'unavailable'
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error
}
