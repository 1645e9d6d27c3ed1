/** Tasks, checks and notification rules: upstream runs them with the memberships of their owner, not with a token's rights. */
import { membershipPermissions } from '../../../domain/access/grants.ts'
import { missingFrom, type Principal } from '../../../domain/access/principal.ts'
import { forbidden } from '../../../domain/base/errors.ts'
import { type ID, idIn } from '../../../domain/base/id.ts'
import type { Membership, MembershipStore } from '../../../domain/records/membership.ts'
import {
  formatPermission,
  type Permission,
  permission,
  type ResourceType,
} from '../../../domain/records/permission.ts'
import type { Arrival, Judge } from '../arrival.ts'
import type { ResourceDeps } from './resource.ts'

export interface StoredFluxDeps extends ResourceDeps {
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  /** `token` allows what InfluxDB allows: the right to write tasks is enough. */
  readonly taskRights: 'owner' | 'token'
}

/**
 * The caller needs all that the owner's memberships let Flux do: else a token that may write tasks, and little else,
 * could have copied what it cannot read. The owner of a new one is the caller's user; a caller without one is refused,
 * since upstream would make it the user of the operator token.
 */
export function judgeStoredFlux(deps: StoredFluxDeps, next: Judge): Judge {
  return async (arrival) => {
    if (arrival.caller.principal.external) {
      throw forbidden('no-user', 'InfluxDB runs it with the rights of its owner, and this token has no user')
    }
    if (deps.taskRights === 'owner') await requireRightsOfOwner(arrival, deps)
    return next(arrival)
  }
}

async function requireRightsOfOwner({ route, caller }: Arrival, deps: StoredFluxDeps): Promise<void> {
  const { principal } = caller
  const owner = await ownerOf(principal, route.type, route.id, deps)
  const given = (await deps.memberships.ofUser(owner)).flatMap(rightsOfFlux)
  const buckets = new Map<ID, ID | undefined>()
  for (const { resource } of given) {
    if (resource.type !== 'buckets' || !resource.id) continue
    buckets.set(resource.id, (await deps.directory.bucketByID(resource.id))?.orgID)
  }
  const missing = missingFrom(principal, given, ({ id, orgID }) => buckets.get(id) ?? orgID)
  if (!missing) return
  throw forbidden(
    'beyond-own-rights',
    `InfluxDB runs it with all rights of its owner, of which you lack ${formatPermission(missing)}`,
  )
}

/** What Flux can do nothing with is not asked for: no token of InfluxDB's UI has all that a membership gives. */
const TYPES_OF_FLUX: readonly ResourceType[] = ['buckets', 'secrets']

function rightsOfFlux(membership: Membership): Permission[] {
  return membershipPermissions(membership).flatMap((each) =>
    each.resource.type === 'instance'
      ? TYPES_OF_FLUX.map((type) => permission(each.action, type))
      : TYPES_OF_FLUX.includes(each.resource.type)
        ? [each]
        : [],
  )
}

/**
 * The owner of the stored resource. For one that does not exist it is the caller, so that upstream answers 404 itself.
 */
async function ownerOf(
  { user }: Principal,
  type: string,
  id: string | undefined,
  { resources }: StoredFluxDeps,
): Promise<ID> {
  const known = idIn(id ?? '')
  const found = known && (await resources.find(type, known))
  return found?.ownerID ?? user.id
}
