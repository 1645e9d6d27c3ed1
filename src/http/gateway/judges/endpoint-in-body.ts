/** Notification rules: InfluxDB writes the address of the endpoint that the body names into the text of the rule. */
import { idIn } from '../../../domain/base/id.ts'
import { type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { createRequireExactNames, idField, requireIn } from './ids-in-body.ts'
import { organizationOf, type ResourceDeps } from './resource.ts'

const requireExactNames = createRequireExactNames(['endpointID'])

/** The endpoint must be of the rule's organization: InfluxDB takes one of any, and shows its address in the text. */
export function judgeEndpoint(deps: ResourceDeps, next: Judge): Judge {
  return async (arrival) => {
    const { request, route } = arrival
    if (route.type !== 'notificationRules' || !hasBody(request)) return next(arrival)
    // The next judge refuses a body that readers could understand differently, so it runs first.
    const outgoing = await next(arrival)
    const body = await arrival.read(MOST_JUDGED_BYTES)
    const fields = parseObject(body)
    requireExactNames(fields)
    const endpointID = idField(fields, 'endpointID')
    if (endpointID === undefined) return outgoing
    const id = route.id === undefined ? undefined : idIn(route.id)
    const changed = id && (await deps.resources.find(route.type, id))
    const orgID = changed?.orgID ?? (await organizationOf(arrival, body, deps))
    await requireIn(orgID, 'notificationEndpoints', endpointID, deps)
    return outgoing
  }
}
