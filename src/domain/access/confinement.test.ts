import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ID } from '../base/id.ts'
import { permission } from '../records/permission.ts'
import { confine } from './confinement.ts'
import { compilePermissions } from './permission-set.ts'

const [HOME, OTHER, SELF, THING] = ['a', 'b', 'c', 'd'].map((text) => text.padStart(16, '0') as ID) as [
  ID,
  ID,
  ID,
  ID,
]
const everything = compilePermissions([permission('read', 'instance'), permission('write', 'instance')])

test('however much is held, nothing outside the organization is allowed', () => {
  const confined = confine(everything, HOME, SELF)
  for (const action of ['read', 'write'] as const) {
    for (const wanted of [
      permission(action, 'instance'),
      permission(action, 'orgs'),
      permission(action, 'users'),
      permission(action, 'buckets'),
      permission(action, 'orgs', { id: OTHER }),
      permission(action, 'users', { id: THING }),
      permission(action, 'buckets', { id: THING }),
      permission(action, 'buckets', { orgID: OTHER }),
      permission(action, 'buckets', { orgID: OTHER, id: THING }),
      permission(action, 'orgs', { orgID: HOME, id: OTHER }),
    ]) {
      assert.ok(!confined.allows(wanted), JSON.stringify(wanted))
    }
  }
})

test("what lies inside is allowed where it is held, as is one's own record", () => {
  const inside = [
    permission('write', 'orgs', { id: HOME }),
    permission('write', 'orgs', { id: HOME, orgID: HOME }),
    permission('write', 'buckets', { orgID: HOME }),
    permission('write', 'buckets', { orgID: HOME, id: THING }),
    permission('write', 'users', { id: SELF }),
  ]
  for (const wanted of inside) {
    assert.ok(confine(everything, HOME, SELF).allows(wanted), JSON.stringify(wanted))
    assert.ok(!confine(compilePermissions([]), HOME, SELF).allows(wanted), JSON.stringify(wanted))
  }
})
