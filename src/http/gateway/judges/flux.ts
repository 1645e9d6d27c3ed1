/** Flux: InfluxDB opens a bucket that is named by its id without asking who may read it, so that is judged here. */
import { allowsAll } from '../../../domain/access/permission-set.ts'
import { isOperator, type Principal } from '../../../domain/access/principal.ts'
import { forbidden, invalid, SluiceError } from '../../../domain/base/errors.ts'
import type { ID } from '../../../domain/base/id.ts'
import type { BucketUse, FluxFindings } from '../../../domain/flux/findings.ts'
import { reachesOut } from '../../../domain/flux/outward-packages.ts'
import { inspectQueryBody } from '../../../domain/flux/query-body.ts'
import { type FluxResource, inspectResource } from '../../../domain/flux/resource-body.ts'
import type { BucketAccess } from '../../../domain/gateway/bucket-access.ts'
import { ACTIONS, type Action } from '../../../domain/records/permission.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { targetOf } from '../target.ts'
import { forwardedTarget, organizationOf, type ResourceDeps } from './resource.ts'

export interface FluxDeps extends ResourceDeps {
  /** Who may send Flux that makes InfluxDB open other hosts, files or databases. */
  readonly outbound: 'operators' | 'all'
}

export function judgeQuery(deps: FluxDeps): Judge {
  return async (arrival) => {
    const { request, decisive, caller, path } = arrival
    requireNoCoding(arrival)
    const { org, orgID } = decisive
    const { id } = await deps.buckets.organization({ org, orgID })
    const body = await arrival.read(MOST_JUDGED_BYTES)
    const { found, contentType } = inspectQueryBody(body, request.headers['content-type'])
    await requireAllowed(found, caller.principal, deps)
    return {
      orgID: id,
      target: targetOf(path, [['orgID', id]]),
      body,
      contentType,
      // Read only if queries are recorded.
      get statement() {
        return statementIn(body, contentType)
      },
    }
  }
}

/** The Flux text; of a JSON body without one, such as a syntax tree, all of it. */
function statementIn(body: Buffer, contentType: string): string {
  const text = body.toString('utf8')
  if (contentType !== 'application/json') return text
  const { query } = parseObject(body)
  return typeof query === 'string' && query !== '' ? query : text
}

/** What InfluxDB stores and runs later; bodies of deletions and of runs hold no Flux. */
export function judgeStoredText(deps: FluxDeps): Judge {
  return async (arrival) => {
    const { request, route, caller } = arrival
    requireNoCoding(arrival)
    const target = forwardedTarget(arrival)
    if (!hasBody(request))
      return { orgID: await organizationOf(arrival, undefined, deps), target, body: undefined }
    const body = await arrival.read(MOST_JUDGED_BYTES)
    await requireAllowed(inspectResource(route.type as FluxResource, body), caller.principal, deps)
    const orgID = await organizationOf(arrival, body, deps)
    return { orgID, target, body, contentType: 'application/json' }
  }
}

/** A template creates buckets, which a token that names buckets by id may not. */
export function judgeTemplate(deps: FluxDeps): Judge {
  return async (arrival) => {
    const { caller } = arrival
    requireNoCoding(arrival)
    const body = await arrival.read(MOST_JUDGED_BYTES)
    await requireAllowed(inspectResource('templates', body), caller.principal, deps)
    const orgID = await organizationOf(arrival, body, deps)
    const scope = 'by-organization'
    return { orgID, scope, target: forwardedTarget(arrival), body, contentType: 'application/json' }
  }
}

async function requireAllowed(found: FluxFindings, principal: Principal, deps: FluxDeps): Promise<void> {
  const { refusal, bucketIDs, opens, imports } = found
  if (refusal?.reason === 'malformed-body') throw invalid(refusal.message)
  const isHarmless = refusal?.reason === 'computed-bucket' && mayUseEveryBucket(principal)
  if (refusal && !isHarmless && !mayDoEverything(principal)) throw refusalOf(refusal.reason, refusal.message)
  for (const use of bucketIDs) await requireBucket(use, principal, deps.buckets)
  if (deps.outbound === 'all' || isOperator(principal, 'write')) return
  const outward = imports.find(reachesOut) ?? opens[0]
  if (outward === undefined) return
  throw forbidden(
    'outbound-flux',
    `${JSON.stringify(outward)} makes InfluxDB open other hosts, files or databases, which only operators may; the setting upstream-outbound allows it for all`,
  )
}

function refusalOf(reason: NonNullable<FluxFindings['refusal']>['reason'], message: string): SluiceError {
  if (reason === 'syntax') return invalid(message)
  if (reason === 'too-large') return new SluiceError('request too large', message)
  return forbidden('bucket-by-id', message)
}

/** An operator: nothing in a text can go beyond its rights. InfluxDB itself then says what is wrong with the text. */
const mayDoEverything = (principal: Principal): boolean =>
  isOperator(principal, 'read') && isOperator(principal, 'write')

/**
 * Whether the caller may read and write all buckets. If so, a Flux text may compute a bucket's id: any bucket that it
 * reaches is allowed.
 */
function mayUseEveryBucket({ permissions }: Principal): boolean {
  return ACTIONS.every((action) => allowsAll(permissions, action, 'buckets'))
}

async function requireBucket(
  { id, access }: BucketUse,
  principal: Principal,
  buckets: BucketAccess,
): Promise<void> {
  if (await buckets.mayUse(principal, ACTIONS_OF[access], id as ID)) return
  throw forbidden('bucket-by-id', `no permission for the bucket ${id}, which the Flux text names by its id`)
}

const ACTIONS_OF: Readonly<Record<BucketUse['access'], readonly Action[]>> = {
  read: ['read'],
  write: ['write'],
  unknown: ACTIONS,
}

/** InfluxDB does not unpack these bodies, so it would read another text than was judged. */
function requireNoCoding({ request: { headers } }: Arrival): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding.toLowerCase() === 'identity') return
  throw new SluiceError('unsupported media type', 'send the body without Content-Encoding')
}
