/**
 * Decides about a request that another gateway describes and sends upstream itself, by the rules of this gateway. That
 * gateway has a credential of its own there, so nothing may be left to upstream: what this gateway would leave to the
 * rights of the caller's token is decided here where that is possible, and refused where it is not.
 */
import type { IncomingMessage } from 'node:http'
import { type Caller, isOperator } from '../../domain/access/principal.ts'
import { forbidden, SluiceError } from '../../domain/base/errors.ts'
import { idIn } from '../../domain/base/id.ts'
import { mayUpstream } from '../../domain/gateway/upstream-rights.ts'
import {
  type Action,
  formatPermission,
  type Permission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../../domain/records/permission.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import type { Arrival, Judge } from './arrival.ts'
import type { ResourceDeps } from './judges/resource.ts'
import { type GatewayRoute, type Judgement, matchPath, methodsOf, routeOf } from './route-table.ts'
import { decisiveIn, plainPath, queryOf } from './target.ts'

export interface DescribedArrival {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly contentEncoding: string | undefined
  readonly caller: Caller
}

/** Throws `forbidden` with the reason for what the caller may not do, or what cannot be decided. */
export type JudgeDescribed = (described: DescribedArrival) => Promise<void>

/** What decides about them stands in their query. */
const DECIDED_BY_QUERY: ReadonlySet<Judgement> = new Set(['write', 'delete'])
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'DELETE'])

export function createJudgeDescribed(
  deps: Pick<ResourceDeps, 'buckets' | 'resources'> & {
    readonly judges: Readonly<Record<Judgement, Judge>>
  },
): JudgeDescribed {
  async function judge(described: DescribedArrival): Promise<void> {
    const arrival = arrivalOf(described)
    const { route, caller } = arrival
    const isDecided = DECIDED_BY_QUERY.has(route.judgement)
    if (!isDecided && !WITHOUT_BODY.has(described.method)) throw needsBody(route)
    await deps.judges[route.judgement](arrival)
    const { principal } = caller
    if (isDecided || (isOperator(principal, 'read') && isOperator(principal, 'write'))) return
    const wanted = await wantedBy(arrival, described.method, deps)
    if (!wanted) throw undecided(route)
    if (!mayUpstream(principal, wanted)) {
      const { orgID } = wanted.resource
      throw forbidden('missing-permission', `${formatPermission(wanted)} is unauthorized`, { orgID })
    }
  }
  return (described) => judge(described).catch(refuse)
}

function arrivalOf({ method, target, contentEncoding, caller }: DescribedArrival): Arrival {
  const path = plainPath(target)
  const match = path === undefined ? undefined : matchPath(path)
  if (!match || path === undefined)
    throw forbidden('not-through-gateway', 'the gateway does not forward this path')
  const route = routeOf(match, method)
  if (!route) throw new MethodNotAllowedError(method, methodsOf(match))
  const parameters = queryOf(target)
  const decisive = decisiveIn(parameters)
  if (decisive.u !== undefined || decisive.p !== undefined) {
    throw forbidden(
      'not-by-check',
      'send the credentials in Authorization; upstream would take u and p in their place',
    )
  }
  // Of the request judges read only these; there is no connection to answer on.
  const headers = contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }
  const request = { method, url: target, headers } as unknown as IncomingMessage
  return {
    ...{ request, response: undefined as never, route, path, segments: match.segments },
    ...{ parameters, decisive, caller },
    read: () => {
      // The predicate of a delete cannot name another bucket.
      if (route.judgement === 'delete') return Buffer.alloc(0)
      throw needsBody(route)
    },
  }
}

/** Of lists: upstream reads other parameters in ways of its own, such as `id`, which can name any resource. */
const LIST_PARAMETERS: ReadonlySet<string> = new Set([
  'org',
  'orgID',
  'limit',
  'offset',
  'descending',
  'sortBy',
])

/** The permission that upstream would ask the caller's token for; undefined where it would ask for several, or filter. */
async function wantedBy(
  { route, parameters, decisive }: Arrival,
  method: string,
  { buckets, resources }: Pick<ResourceDeps, 'buckets' | 'resources'>,
): Promise<Permission | undefined> {
  const { type, judgement } = route
  if (!isResourceType(type) || (judgement !== 'resource' && judgement !== 'label')) return undefined
  const action: Action = method === 'GET' ? 'read' : 'write'
  if (route.organization === 'resource') {
    const id = idIn(route.id ?? '')
    const found = id && (await resources.find(type, id))
    return found ? permission(action, type, { id, orgID: found.orgID }) : undefined
  }
  const { org, orgID } = decisive
  const isWholeList = route.organization === 'caller' && (org !== undefined || orgID !== undefined)
  if (!isWholeList || !parameters.every(([name]) => LIST_PARAMETERS.has(name))) return undefined
  return permission(action, type, { orgID: (await buckets.organization({ org, orgID })).id })
}

function isResourceType(type: string): type is ResourceType {
  return (RESOURCE_TYPES as readonly string[]).includes(type)
}

/** A gateway understands 401 and 403 only, and a caller who is known does not become another by signing in again. */
function refuse(error: unknown): never {
  if (!(error instanceof SluiceError)) throw error
  const { code, message, reason, orgID } = error
  if (code === 'forbidden' || code === 'unavailable' || code === 'internal error') throw error
  throw forbidden(reason ?? 'not-by-check', message, { orgID })
}

const needsBody = ({ name }: GatewayRoute) =>
  forbidden(
    'not-by-check',
    `what ${name} needs stands in its body, which the check does not see; send it through Sluice`,
  )

const undecided = ({ name }: GatewayRoute) =>
  forbidden('not-by-check', `only operators may send ${name} past Sluice; send it through Sluice`)
