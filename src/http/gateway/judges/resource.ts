/** Resources that only upstream knows. Upstream judges them; what is found out here is the organization. */
import { isOperator, type Principal } from '../../../domain/access/principal.ts'
import { forbidden, invalid, notFound, unauthorized } from '../../../domain/base/errors.ts'
import { type ID, idIn, parseID } from '../../../domain/base/id.ts'
import type { BucketAccess } from '../../../domain/gateway/bucket-access.ts'
import type { DataDirectory } from '../../../domain/gateway/data-directory.ts'
import type { UpstreamResources } from '../../../domain/records/upstream.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { targetOf } from '../target.ts'

export interface ResourceDeps {
  readonly buckets: BucketAccess
  readonly directory: DataDirectory
  readonly resources: UpstreamResources
}

export function judgeResource(deps: ResourceDeps): Judge {
  return async (arrival) => {
    const body = hasBody(arrival.request) ? await arrival.read(MOST_JUDGED_BYTES) : undefined
    const orgID = await organizationOf(arrival, body, deps)
    const organizations = severalOf(arrival)
    return { orgID, target: forwardedTarget(arrival), body, ...(organizations && { organizations }) }
  }
}

/** A request for something that Sluice has to look at once upstream has changed it. */
export function judgeThen(next: Judge, afterwards: () => void): Judge {
  return async (arrival) => ({ ...(await next(arrival)), afterwards })
}

/** The target as it came, without credentials, which are Sluice's affair. */
export function forwardedTarget({ path, parameters }: Pick<Arrival, 'path' | 'parameters'>): string {
  return targetOf(path, parameters.filter(isForwarded))
}

const isForwarded = ([name]: readonly [string, string]) => name !== 'u' && name !== 'p'

/**
 * The organization of a request: the one it names in query, path or body, that of its bucket or resource, or else the
 * caller's; any for an operator, who need not belong to one. Throws `unauthorized` for a caller who has none.
 */
export async function organizationOf(
  arrival: Arrival,
  body: Buffer | undefined,
  { buckets, directory, resources }: ResourceDeps,
): Promise<ID> {
  const { route, segments, decisive, caller } = arrival
  const own = organizationsOf(caller.principal)
  const [first] = own
  if (route.organization === 'path') return (await buckets.organization({ orgID: segments[4] })).id
  if (route.organization === 'bucket') {
    const bucket = await directory.bucketByID(parseID(segments[4] ?? ''))
    if (!bucket) throw notFound('bucket not found')
    return bucket.orgID
  }
  const { org, orgID } = decisive
  if (org || orgID) return (await buckets.organization({ org, orgID })).id
  if (route.organization === 'body' && body && body.length > 0) {
    const named = organizationIn(body)
    if (named) return (await buckets.organization(named)).id
  }
  if (route.organization === 'resource' && own.length !== 1) {
    const id = idIn(route.id ?? '')
    const found = id && (await resources.find(route.type, id))
    if (found) return found.orgID
  }
  if (first !== undefined) return first
  const any = isOperator(caller.principal, 'read') ? await directory.anyOrganization() : undefined
  if (!any) {
    throw unauthorized('missing-permission', `you belong to no organization; ${route.type} are theirs`)
  }
  return any.id
}

/** A token is for one organization, a confined session too; others have those of their user's memberships. */
function organizationsOf({ authorizationOrgID, confinedTo, permissions }: Principal): readonly ID[] {
  const one = authorizationOrgID ?? confinedTo
  return one ? [one] : [...permissions.idsOf('orgs')]
}

/** Resources that InfluxDB lists across organizations if a request names none. It refuses other lists without one. */
const JOINED: ReadonlySet<string> = new Set([
  ...['tasks', 'dashboards', 'labels', 'variables', 'telegrafs', 'scrapers'],
  ...['checks', 'notificationRules', 'notificationEndpoints'],
])
/** Each organization costs a request upstream, and often a token there. */
const MOST_JOINED = 20

/**
 * The organizations of a list that names none, for a session whose user has several; undefined for any other request.
 * An operator's token upstream spans all. Throws `invalid` if there are too many.
 */
function severalOf({ route, decisive, caller }: Arrival): readonly ID[] | undefined {
  const isList = route.organization === 'caller' && JOINED.has(route.type) && route.name.endsWith(route.type)
  if (!isList || decisive.org || decisive.orgID) return undefined
  const { principal } = caller
  if (isOperator(principal, 'read') && isOperator(principal, 'write')) return undefined
  const own = organizationsOf(principal)
  if (own.length <= 1) return undefined
  if (own.length > MOST_JOINED) {
    throw invalid(`you belong to ${own.length} organizations; name one with org or orgID`)
  }
  return own
}

function organizationIn(body: Buffer): { org?: string; orgID?: string } | undefined {
  const { org, orgID } = parseObject(body)
  if (typeof orgID === 'string' && orgID) return { orgID }
  return typeof org === 'string' && org ? { org } : undefined
}

/** Never through the gateway: what a backup holds, and what a restore does. */
export async function refuse(): Promise<never> {
  throw forbidden(
    'not-through-gateway',
    'backups hold every password and token, and a restore replaces them; talk to InfluxDB itself, from a host that may reach it',
  )
}
