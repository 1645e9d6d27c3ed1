/** Members of what only upstream knows: InfluxDB adds any user by id, and answers with the name. */
import { isOperator } from '../../../domain/access/principal.ts'
import { invalid, notFound } from '../../../domain/base/errors.ts'
import { type ID, idIn } from '../../../domain/base/id.ts'
import type { MembershipStore } from '../../../domain/records/membership.ts'
import { type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { createRequireExactNames } from './ids-in-body.ts'
import { organizationOf, type ResourceDeps } from './resource.ts'

const requireExactNames = createRequireExactNames(['id'])

export interface MemberDeps extends ResourceDeps {
  readonly memberships: Pick<MembershipStore, 'ofUser'>
}

/** The user must belong to the organization of the resource, so that an id alone does not reveal a user's name. */
export function judgeMember(deps: MemberDeps, next: Judge): Judge {
  return async (arrival) => {
    const { request, route, caller } = arrival
    if (!hasBody(request) || isOperator(caller.principal, 'write')) return next(arrival)
    const body = await arrival.read(MOST_JUDGED_BYTES)
    const fields = parseObject(body)
    requireExactNames(fields)
    const userID = typeof fields.id === 'string' ? idIn(fields.id) : undefined
    if (!userID) throw invalid('id must be the id of a user')
    const id = idIn(route.id ?? '')
    const found = id && (await deps.resources.find(route.type, id))
    const orgID = found?.orgID ?? (await organizationOf(arrival, body, deps))
    if (!(await belongsTo(userID, orgID, deps))) throw notFound('user not found')
    return next(arrival)
  }
}

async function belongsTo(userID: ID, orgID: ID, { memberships, directory }: MemberDeps): Promise<boolean> {
  for (const { resourceType, resourceID } of await memberships.ofUser(userID)) {
    if (resourceType === 'orgs' && resourceID === orgID) return true
    if (resourceType === 'buckets' && (await directory.bucketByID(resourceID))?.orgID === orgID) return true
  }
  return false
}
