import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shapes } from '../api/client.ts'
import { rightsOf } from './rights.ts'

const ORG = '0000000000000001'
const OTHER = '0000000000000002'
const BUCKET = '0000000000000003'

function rightsBy(...resources: { type: string; id?: string; orgID?: string }[]) {
  const permissions = resources.map((resource) => ({ action: 'write', resource }))
  const grants = { operator: false, grants: [{ kind: 'token', permissions }], links: {} }
  return rightsOf('0000000000000009', grants as unknown as Shapes['Grants'])
}

test('a permission for a whole type allows every resource of it, and no other type', () => {
  const { may } = rightsBy({ type: 'buckets' })
  assert.equal(may('write', 'buckets', { id: BUCKET, orgID: ORG }), true)
  assert.equal(may('write', 'buckets'), true)
  assert.equal(may('read', 'buckets'), false)
  assert.equal(may('write', 'orgs', { id: ORG }), false)
})

test("an organization's permission allows its resources only", () => {
  const { may } = rightsBy({ type: 'buckets', orgID: ORG })
  assert.equal(may('write', 'buckets', { id: BUCKET, orgID: ORG }), true)
  assert.equal(may('write', 'buckets', { orgID: OTHER }), false)
  assert.equal(may('write', 'buckets'), false)
})

test('an id decides alone, whatever organization stands beside it', () => {
  const { may } = rightsBy({ type: 'buckets', id: BUCKET, orgID: ORG })
  assert.equal(may('write', 'buckets', { id: BUCKET, orgID: OTHER }), true)
  assert.equal(may('write', 'buckets', { orgID: ORG }), false)
})

test('a permission for the instance allows everything with its action', () => {
  const { may } = rightsBy({ type: 'instance' })
  assert.equal(may('write', 'users', { id: BUCKET }), true)
  assert.equal(may('read', 'users', { id: BUCKET }), false)
})

test('an owner of an organization is told from an owner of a bucket', () => {
  const grants = [
    { kind: 'role', role: 'owner', resource: { type: 'orgs', id: ORG }, permissions: [] },
    { kind: 'role', role: 'member', resource: { type: 'orgs', id: OTHER }, permissions: [] },
    { kind: 'role', role: 'owner', resource: { type: 'buckets', id: BUCKET }, permissions: [] },
  ]
  const { owned } = rightsOf('0000000000000009', {
    operator: false,
    grants,
    links: {},
  } as unknown as Shapes['Grants'])
  assert.deepEqual([...owned], [ORG])
})
