/** Changes of a resource: InfluxDB checks its organization, and then stores the one that the body names. */
import { isOperator } from '../../../domain/access/principal.ts'
import { invalid } from '../../../domain/base/errors.ts'
import { idIn } from '../../../domain/base/id.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { folded } from './ids-in-body.ts'
import type { ResourceDeps } from './resource.ts'

/** Keys that hold an organization's id, in the spellings that Go accepts; InfluxDB's other keys hold names. */
const OF_ORGANIZATION: ReadonlySet<string> = new Set(['orgid', 'organizationid'])

/**
 * The body of a change must not name another organization: the caller could move the resource there without a right
 * there, and that organization's members would use it as their own. Operators may.
 */
export function judgeSameOrganization({ resources }: Pick<ResourceDeps, 'resources'>, next: Judge): Judge {
  return async (arrival) => {
    if (isChange(arrival) && !isOperator(arrival.caller.principal, 'write')) {
      const named = organizationsIn(await arrival.read(MOST_JUDGED_BYTES))
      const id = idIn(arrival.route.id ?? '')
      // Upstream answers for a resource that does not exist.
      const found = named.length > 0 && id ? await resources.find(arrival.route.type, id) : undefined
      if (found && named.some((value) => typeof value !== 'string' || idIn(value) !== found.orgID)) {
        throw invalid('the organization of a resource cannot be changed; leave it out')
      }
    }
    return next(arrival)
  }
}

/** InfluxDB compares the organization itself, or shows none for an id alone. */
const COMPARED_UPSTREAM: ReadonlySet<string> = new Set(['dbrps', 'annotations', 'streams'])

/** Whether the request changes the resource itself, and not something below it, such as the cells of a dashboard. */
function isChange({ request, route, segments }: Arrival): boolean {
  const isOfResource = segments.length === 5 && route.id !== undefined && !COMPARED_UPSTREAM.has(route.type)
  return isOfResource && (request.method === 'PUT' || request.method === 'PATCH') && hasBody(request)
}

/** In any case of its name; an empty one is none in InfluxDB. */
function organizationsIn(body: Buffer): unknown[] {
  return Object.entries(parseObject(body))
    .filter(([name, value]) => OF_ORGANIZATION.has(folded(name)) && value !== '' && value !== null)
    .map(([, value]) => value)
}
