/**
 * A token never allows anything in the modelled world that its creator could not do. In that world a bucket belongs to
 * its organization, a user to none, and an organization to itself.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { confine } from '../../src/domain/access/confinement.ts'
import { compilePermissions, type PermissionSet } from '../../src/domain/access/permission-set.ts'
import { type Principal, requireHandedOn } from '../../src/domain/access/principal.ts'
import type { ID } from '../../src/domain/base/id.ts'
import {
  ACTIONS,
  type Permission,
  permission,
  type ResourceType,
} from '../../src/domain/records/permission.ts'

const [A, B] = ['000000000000000a', '000000000000000b'] as [ID, ID]
const THINGS: { type: ResourceType; id: ID; orgID?: ID }[] = [
  { type: 'orgs', id: A },
  { type: 'orgs', id: B },
  { type: 'users', id: '00000000000000a1' as ID },
  { type: 'users', id: '00000000000000b1' as ID },
  { type: 'buckets', id: '00000000000000a2' as ID, orgID: A },
  { type: 'buckets', id: '00000000000000b2' as ID, orgID: B },
  { type: 'authorizations', id: '00000000000000b3' as ID, orgID: B },
]

const scope = fc.record(
  { id: fc.constantFrom(...THINGS.map(({ id }) => id)), orgID: fc.constantFrom(A, B) },
  { requiredKeys: [] },
)
const anyPermission = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    type: fc.constantFrom<ResourceType>('orgs', 'users', 'buckets', 'authorizations', 'instance'),
    scope,
  })
  .map(({ action, type, scope }) => permission(action, type, scope))

/** Everything that API requests may ask for: resources by id, and whole types with or without an organization. */
const wanted: Permission[] = ACTIONS.flatMap((action) => [
  ...THINGS.map(({ type, id, orgID }) => permission(action, type, orgID ? { id, orgID } : { id })),
  ...(['buckets', 'authorizations'] as const).flatMap((type) => [
    permission(action, type, { orgID: A }),
    permission(action, type, { orgID: B }),
  ]),
  permission(action, 'users'),
  permission(action, 'orgs'),
  permission(action, 'orgs', { id: A, orgID: A }),
])

function accepted(creator: PermissionSet, handedOn: readonly Permission[]): boolean {
  try {
    requireHandedOn({ permissions: creator } as Principal, handedOn, ({ type, id }) =>
      type === 'orgs' ? undefined : THINGS.find((each) => each.id === id)?.orgID,
    )
    return true
  } catch {
    return false
  }
}

for (const [title, permissionsOf] of [
  ['its creator', (held: Permission[]) => compilePermissions(held)],
  ['a session in one organization', (held: Permission[]) => confine(compilePermissions(held), A, A)],
] as const) {
  test(`no token does more than ${title}`, () => {
    let handed = 0
    fc.assert(
      fc.property(fc.array(anyPermission, { maxLength: 4 }), anyPermission, (held, each) => {
        const creator = permissionsOf(held)
        if (!accepted(creator, [each])) return
        handed += 1
        const token = compilePermissions([each])
        const more = wanted.filter((asked) => token.allows(asked) && !creator.allows(asked))
        assert.deepEqual(more, [])
      }),
      { numRuns: 5000 },
    )
    assert.ok(handed > 100, `only ${handed} tokens were made`)
  })
}
