import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ID } from '../base/id.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import { formatPermission, RESOURCE_TYPES } from '../records/permission.ts'
import { membershipPermissions, operatorPermissions, selfPermissions } from './grants.ts'

const USER = '00000000000000aa' as ID
const PLACE = '00000000000000bb' as ID

function granted(role: 'member' | 'owner', resourceType: 'orgs' | 'buckets' | 'instance') {
  const resourceID = resourceType === 'instance' ? INSTANCE_ID : PLACE
  return membershipPermissions({ userID: USER, role, resourceType, resourceID }).map(formatPermission)
}

suite('what memberships grant', () => {
  test('the owner of an organization: reading and writing in it, itself by its id, never the instance', () => {
    const types = RESOURCE_TYPES.filter((type) => type !== 'instance')
    const expected = types.flatMap((type) => {
      const path = type === 'orgs' ? `orgs/${PLACE}` : `orgs/${PLACE}/${type}`
      return [`read:${path}`, `write:${path}`]
    })
    assert.deepEqual(granted('owner', 'orgs'), expected)
  })

  test('a member of an organization: the same, read only', () => {
    const expected = granted('owner', 'orgs').filter((each) => each.startsWith('read:'))
    assert.deepEqual(granted('member', 'orgs'), expected)
  })

  test('a member of a bucket reads it, its owner writes it too', () => {
    assert.deepEqual(granted('member', 'buckets'), [`read:buckets/${PLACE}`])
    assert.deepEqual(granted('owner', 'buckets'), [`read:buckets/${PLACE}`, `write:buckets/${PLACE}`])
  })

  test('the owner of the instance: reading and writing it', () => {
    assert.deepEqual(granted('owner', 'instance'), ['read:instance', 'write:instance'])
  })
})

test('everybody reads and writes their own user', () => {
  assert.deepEqual(selfPermissions(USER).map(formatPermission), [`read:users/${USER}`, `write:users/${USER}`])
})

test('the operator token: every type but the instance, unscoped', () => {
  const types = RESOURCE_TYPES.filter((type) => type !== 'instance')
  const expected = types.flatMap((type) => [`read:${type}`, `write:${type}`])
  assert.deepEqual(operatorPermissions().map(formatPermission), expected)
})
