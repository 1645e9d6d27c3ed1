/**
 * Decides about described requests to an InfluxDB 2 by the rules of this gateway: what this one would leave to the rights
 * of the caller's token is decided here if that is possible, else refused.
 */
import { isOperator } from '../../../domain/access/principal.ts'
import { forbidden } from '../../../domain/base/errors.ts'
import { idIn } from '../../../domain/base/id.ts'
import { mayUpstream } from '../../../domain/gateway/upstream-rights.ts'
import type { DbrpMappingStore } from '../../../domain/records/dbrp-mapping.ts'
import {
  type Action,
  formatPermission,
  type Permission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../../../domain/records/permission.ts'
import type { Arrival, Judge } from '../arrival.ts'
import {
  arrivalOf,
  asForbidden,
  type DescribedArrival,
  type DescribedUpstream,
  legacyCredentialsOf,
  mayHaveBody,
  needsBody,
} from '../described.ts'
import { type GatewayRoute, type Judgement, matchPath } from '../route-table.ts'
import { plainPath, targetOf } from '../target.ts'
import type { ResourceDeps } from './resource.ts'

/** What decides about them stands in their query. */
const DECIDED_BY_QUERY: ReadonlySet<Judgement> = new Set(['write', 'delete'])

export function createDescribedInfluxdb2(
  deps: Pick<ResourceDeps, 'buckets' | 'resources'> & {
    readonly judges: Readonly<Record<Judgement, Judge>>
    readonly mappings: Pick<DbrpMappingStore, 'resolve'>
  },
): DescribedUpstream {
  async function judge(described: DescribedArrival): Promise<string> {
    if (isLegacyWrite(described)) return judgeLegacyWrite(described)
    // Upstream would take `u` and `p` of the 1.x API, so they never pass.
    const arrival = arrivalOf({ ...described, isReplaced: false }, matchPath)
    const { route, caller } = arrival
    const isDecided = DECIDED_BY_QUERY.has(route.judgement)
    if (!isDecided && mayHaveBody(described.method)) throw needsBody(route)
    // The predicate of a delete cannot name another bucket.
    const read = route.judgement === 'delete' ? () => Buffer.alloc(0) : arrival.read
    const outgoing = await deps.judges[route.judgement]({ ...arrival, read })
    const target = described.isReplaced ? outgoing.target : described.target
    const { principal } = caller
    if (isDecided || (isOperator(principal, 'read') && isOperator(principal, 'write'))) return target
    const wanted = await wantedBy(arrival, described.method, deps)
    if (!wanted) throw undecided(route)
    if (!mayUpstream(principal, wanted)) {
      const { orgID } = wanted.resource
      throw forbidden('missing-permission', `${formatPermission(wanted)} is unauthorized`, { orgID })
    }
    return target
  }
  /**
   * Upstream would look for a mapping in the organization of the other gateway's token, so the bucket of the caller's own
   * mapping is named to it instead.
   */
  async function judgeLegacyWrite(described: DescribedArrival): Promise<string> {
    if (!described.isReplaced) {
      throw forbidden(
        'not-by-check',
        'use replace=true: /write names no organization, and yours may be another one',
      )
    }
    const arrival = arrivalOf(described, matchPath)
    const { orgID } = await deps.judges['legacy-write'](arrival)
    const { db = '', rp = '', precision = '' } = arrival.decisive
    const mapping = await deps.mappings.resolve(orgID, db, rp || undefined)
    const refusal = 'you may not write to this database, or no bucket is mapped to it'
    if (!mapping) throw forbidden('missing-permission', refusal, { orgID })
    const { principal } = arrival.caller
    const found = await deps.buckets.bucket(
      principal,
      'write',
      { orgID, bucketID: mapping.bucketID },
      refusal,
    )
    const unit = PRECISIONS.get(precision)
    if (unit === undefined) {
      throw forbidden(
        'not-by-check',
        `send precision ${precision} through Sluice: /api/v2/write does not take it`,
      )
    }
    return targetOf('/api/v2/write', [
      ['org', orgID],
      ['bucket', found.id],
      ['precision', unit],
    ])
  }

  return {
    judge: (described) => judge(described).catch(asForbidden),
    legacyCredentials: (request) =>
      isLegacyWrite(request) ? legacyCredentialsOf(request, matchPath) : undefined,
  }
}

const isLegacyWrite = ({ method, target }: Pick<DescribedArrival, 'method' | 'target'>) =>
  method === 'POST' && plainPath(target) === '/write'

/** The words of 1.x for a precision, as those of `/api/v2/write`; it has none for minutes and hours. */
const PRECISIONS: ReadonlyMap<string, string> = new Map([
  ...([
    ['', 'ns'],
    ['n', 'ns'],
    ['ns', 'ns'],
    ['u', 'us'],
    ['us', 'us'],
    ['ms', 'ms'],
    ['s', 's'],
  ] as const),
])

/**
 * The parameters allowed for a list. Upstream reads others in ways of its own, such as `id`, which can name any
 * resource.
 */
const LIST_PARAMETERS: ReadonlySet<string> = new Set([
  'org',
  'orgID',
  'limit',
  'offset',
  'descending',
  'sortBy',
])

/** The permission that upstream would ask the caller's token for; undefined if it would ask for several, or filter. */
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

const undecided = ({ name }: GatewayRoute) =>
  forbidden('not-by-check', `only operators may send ${name} past Sluice; send it through Sluice`)
