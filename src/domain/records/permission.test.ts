import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import type { ID } from '../base/id.ts'
import { formatPermission, parsePermission, permission } from './permission.ts'

const BUCKET = '00000000000000aa' as ID
const ORG = '00000000000000bb' as ID

suite('parsing a permission sent by a client', () => {
  test("refuses an unknown type or action with InfluxDB's message, checking the type first", async () => {
    const unknownType = 'invalid resource type for permission: unknown resource type for permission'
    for (const resource of [undefined, {}, { type: '' }, { type: 'bucket' }, { type: 'Buckets' }]) {
      await refused(() => parsePermission({ action: 'dance', resource }), 'invalid', unknownType)
    }
    for (const action of [undefined, '', 'READ', 'dance']) {
      const message = 'invalid action type for permission: unknown action for permission'
      await refused(() => parsePermission({ action, resource: { type: 'buckets' } }), 'invalid', message)
    }
  })

  test('lowercases ids and omits what is not set', () => {
    const resource = { type: 'buckets', id: '00000000000000AA', orgID: '00000000000000BB' }
    assert.deepEqual(
      parsePermission({ action: 'write', resource }),
      permission('write', 'buckets', { id: BUCKET, orgID: ORG }),
    )
    assert.deepEqual(parsePermission({ action: 'read', resource: { type: 'orgs', id: '' } }), {
      action: 'read',
      resource: { type: 'orgs' },
    })
  })
})

test('a permission is formatted from the fields that are set', () => {
  const written = {
    'write:orgs/00000000000000bb/buckets/00000000000000aa': { id: BUCKET, orgID: ORG },
    'write:orgs/00000000000000bb/buckets': { orgID: ORG },
    'write:buckets/00000000000000aa': { id: BUCKET },
    'write:buckets': {},
  }
  for (const [text, scope] of Object.entries(written)) {
    assert.equal(formatPermission(permission('write', 'buckets', scope)), text)
  }
})
