import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { ID } from '../base/id.ts'
import { ACTIONS, type Permission, permission, RESOURCE_TYPES } from '../records/permission.ts'
import { confine } from './confinement.ts'
import { operatorPermissions } from './grants.ts'
import { allowsAll, compilePermissions } from './permission-set.ts'

const idOf = (text: string) => text.padStart(16, '0') as ID
const [A, B, C] = [idOf('a'), idOf('b'), idOf('c')]

/**
 * The rule in its own words, one held permission at a time: the actions are equal, and the held type is
 * `instance`; or the types are equal, and the held one names neither id nor organization; or it names only an
 * organization and that is the wanted one's; or it names an id and that is the wanted one's.
 */
function model(held: Permission, wanted: Permission): boolean {
  if (held.action !== wanted.action) return false
  if (held.resource.type === 'instance') return true
  if (held.resource.type !== wanted.resource.type) return false
  const { id, orgID } = held.resource
  if (id === undefined && orgID === undefined) return true
  if (id === undefined) return orgID === wanted.resource.orgID
  return id === wanted.resource.id
}

/** Few values, so that held and wanted ones meet often. */
const ids = fc.option(fc.constantFrom(A, B, C), { nil: undefined })
const permissions: fc.Arbitrary<Permission> = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    type: fc.constantFrom('buckets' as const, 'orgs' as const, 'users' as const, 'instance' as const),
    id: ids,
    orgID: ids,
  })
  .map(({ action, type, id, orgID }) =>
    permission(action, type, { ...(id ? { id } : {}), ...(orgID ? { orgID } : {}) }),
  )

suite('what held permissions allow', () => {
  test('nothing held allows nothing', () => {
    fc.assert(fc.property(permissions, (wanted) => !compilePermissions([]).allows(wanted)))
  })

  test('it is what one of them allows by the rule', () => {
    fc.assert(
      fc.property(fc.array(permissions, { maxLength: 4 }), permissions, (held, wanted) => {
        const expected = held.some((each) => model(each, wanted))
        assert.equal(compilePermissions(held).allows(wanted), expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('an id decides alone, whatever organization stands beside it', () => {
    const held = compilePermissions([permission('write', 'users', { orgID: A, id: B })])
    assert.ok(held.allows(permission('write', 'users', { orgID: A, id: B })))
    assert.ok(held.allows(permission('write', 'users', { id: B })))
    assert.ok(held.allows(permission('write', 'users', { orgID: C, id: B })))
    assert.ok(!held.allows(permission('write', 'users', { orgID: A })))
    assert.ok(!held.allows(permission('write', 'users', { orgID: A, id: C })))
  })

  test('ids are named in the organization beside them, or in all of them if none is', () => {
    const held = compilePermissions([
      permission('write', 'tasks', { orgID: A, id: B }),
      permission('write', 'tasks', { id: C }),
      permission('write', 'tasks', { orgID: A, id: C }),
      permission('read', 'tasks', { orgID: C, id: A }),
      permission('write', 'tasks', { orgID: A }),
      permission('write', 'labels', { orgID: A, id: A }),
    ])
    assert.deepEqual(held.idsNamedIn(A, 'write', 'tasks'), [B, C])
    assert.deepEqual(held.idsNamedIn(C, 'write', 'tasks'), [C])
    assert.deepEqual(held.idsNamedIn(A, 'read', 'tasks'), [])
    assert.deepEqual(confine(held, A, B).idsNamedIn(A, 'write', 'tasks'), [B, C])
    assert.deepEqual(confine(held, A, B).idsNamedIn(C, 'write', 'tasks'), [])
  })

  test('all of a type is allowed only by what names neither id nor organization', () => {
    assert.ok(!allowsAll(compilePermissions([permission('read', 'orgs', { id: A })]), 'read', 'orgs'))
    assert.ok(!allowsAll(compilePermissions([permission('read', 'orgs', { orgID: A })]), 'read', 'orgs'))
    assert.ok(allowsAll(compilePermissions([permission('read', 'orgs')]), 'read', 'orgs'))
  })

  test('the operator token reads and writes every type but the instance', () => {
    const held = compilePermissions(operatorPermissions())
    for (const type of RESOURCE_TYPES) {
      for (const action of ACTIONS) {
        assert.equal(held.allows(permission(action, type, { id: A, orgID: B })), type !== 'instance', type)
      }
    }
  })
})
