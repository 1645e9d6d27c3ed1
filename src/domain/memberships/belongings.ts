/** Which organizations a principal belongs to, by name and role, as headers name them to applications behind a gateway. */
import { isOperator, type Principal } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { Membership, MembershipStore, Role } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'

export interface Belongings {
  /** In the order in which the memberships were added; without a role for a token. */
  readonly organizations: readonly { readonly name: string; readonly role?: Role }[]
  /** Whether the principal may change everything. */
  readonly isOperator: boolean
}

export interface BelongingsOf {
  /** The same principal may get the same object again. */
  (principal: Principal): MaybePromise<Belongings>
  /** Call it after any change of a user, a membership or an organization. */
  forget(): void
}

/** Within it, another node may have renamed an organization, or changed a membership without a new principal. */
const KEPT_MS = 1000

/**
 * A session belongs to its user's organizations, confined to one if it is confined. A token belongs to its own
 * organization only, and has no role there: it may do less than its user, so an application must not take it for one
 * of the organization's owners.
 */
export function createBelongingsOf(deps: {
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIDs'>
  now: Clock
}): BelongingsOf {
  let kept = new WeakMap<Principal, { readonly belongings: Belongings; readonly until: number }>()

  /** What the principal holds through the user's memberships. */
  async function heldBy({ user, confinedTo }: Principal): Promise<readonly Membership[]> {
    const held = await deps.memberships.ofUser(user.id)
    return held.filter(
      ({ resourceType, resourceID }) =>
        resourceType === 'orgs' && (confinedTo === undefined || resourceID === confinedTo),
    )
  }

  async function load(principal: Principal): Promise<Belongings> {
    const begun = kept
    const { kind, authorizationOrgID: ofToken } = principal
    const held: readonly { resourceID: ID; role?: Role }[] =
      kind === 'session' ? await heldBy(principal) : ofToken ? [{ resourceID: ofToken }] : []
    const found = await deps.organizations.byIDs(held.map(({ resourceID }) => resourceID))
    const names = new Map(found.map(({ id, name }) => [id, name]))
    const belongings: Belongings = {
      organizations: held.flatMap(({ resourceID, role }) => {
        const name = names.get(resourceID)
        return name === undefined ? [] : [role === undefined ? { name } : { name, role }]
      }),
      isOperator: principal.confinedTo === undefined && isOperator(principal, 'write'),
    }
    begun.set(principal, { belongings, until: deps.now() + KEPT_MS })
    return belongings
  }

  return Object.assign(
    (principal: Principal): MaybePromise<Belongings> => {
      const entry = kept.get(principal)
      return entry && entry.until > deps.now() ? entry.belongings : load(principal)
    },
    {
      forget(): void {
        kept = new WeakMap()
      },
    },
  )
}
