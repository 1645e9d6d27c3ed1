/** For tests of the gateway's judges: two organizations with their buckets, and what upstream alone knows. */

import { compilePermissions } from '../../src/domain/access/permission-set.ts'
import type { Caller } from '../../src/domain/access/principal.ts'
import type { ID } from '../../src/domain/base/id.ts'
import { createBucketAccess } from '../../src/domain/gateway/bucket-access.ts'
import { createDataDirectory } from '../../src/domain/gateway/data-directory.ts'
import type { Permission, ResourceType } from '../../src/domain/records/permission.ts'
import { permission } from '../../src/domain/records/permission.ts'
import type { UpstreamResource } from '../../src/domain/records/upstream.ts'
import { callerWith, createWorld } from './world.ts'

export async function createGatewayWorld() {
  const world = await createWorld()
  const operator = await world.addOperator()

  async function addOrganization(name: string) {
    const { id: orgID } = await world.organizations.create(operator.caller, { name })
    const { id: bucketID } = await world.buckets.create(operator.caller, { orgID, name: 'points' })
    return { orgID, bucketID, name }
  }

  const resources = new Map<string, UpstreamResource>()
  const asked: string[] = []
  const directory = createDataDirectory({ ...world.store, now: world.clock.now })
  const deps = {
    directory,
    buckets: createBucketAccess(directory),
    memberships: world.store.memberships,
    resources: {
      async find(type: string, id: ID) {
        asked.push(`${type} ${id}`)
        return resources.get(`${type} ${id}`)
      },
    },
  }

  /** A token of that organization with exactly these permissions. */
  function tokenOf(orgID: ID, ...held: readonly Permission[]): Caller {
    const caller = callerWith(compilePermissions(held))
    return { ...caller, principal: { ...caller.principal, authorizationOrgID: orgID } }
  }

  return {
    ...{ world, operator, deps, resources, asked, tokenOf },
    a: await addOrganization('a'),
    b: await addOrganization('b'),
  }
}

/** Reading and writing all of a type in an organization. */
export const bothOf = (type: ResourceType, orgID: ID): Permission[] => [
  permission('read', type, { orgID }),
  permission('write', type, { orgID }),
]
