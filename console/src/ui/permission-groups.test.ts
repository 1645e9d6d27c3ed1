import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Grant, groupsOf } from './permission-groups.ts'

const [ORG, OTHER, SELF] = ['0000000000000001', '0000000000000002', '0000000000000009']
const TYPES = ['buckets', 'orgs', 'tasks']
const NAMES = { orgs: new Map([[ORG, 'lab']]), buckets: new Map([['b1', 'rain']]) }

type Resource = { type: string; id?: string; orgID?: string }
const on = (action: string, ...resources: Resource[]) => resources.map((resource) => ({ action, resource }))
const all = (action: string, orgID: string) =>
  on(action, ...TYPES.map((type) => (type === 'orgs' ? { type, id: orgID } : { type, orgID })))
const owner = (orgID: string): Grant => ({
  ...{ kind: 'membership', role: 'owner', resource: { type: 'orgs', id: orgID, name: 'lab' } },
  permissions: [...all('read', orgID), ...all('write', orgID)],
})
const token = (id: string, permissions: Grant['permissions']): Grant => ({
  ...{ kind: 'token', authorization: { id, description: id }, permissions },
})
const self: Grant = {
  kind: 'self',
  permissions: [...on('read', { type: 'users', id: SELF }), ...on('write', { type: 'users', id: SELF })],
}

function shown(...grants: Grant[]) {
  return groupsOf(grants, { names: NAMES, types: TYPES, self: SELF }).map(({ title, role, rows }) => [
    title,
    role,
    rows.map(({ access, things, reasons }) => [
      `${access}: ${[...things].join(', ')}`,
      reasons.map(({ grant }) => grant.authorization?.id ?? grant.kind).join(' '),
    ]),
  ])
}

test('an owner has one row, with the tokens that add nothing to it among its reasons', () => {
  const tokens = Array.from({ length: 200 }, (_, at) =>
    token(`t${at}`, on('read', { type: 'buckets', id: `b${at}`, orgID: ORG })),
  )
  const [group] = groupsOf([owner(ORG), ...tokens], { names: NAMES, types: TYPES, self: SELF })
  assert.equal(group?.role, 'owner')
  assert.equal(group?.rows.length, 1)
  assert.deepEqual([...(group?.rows[0]?.things ?? [])], ['everything'])
  assert.equal(group?.rows[0]?.reasons.length, 201)
})

test('permissions of tokens are joined by organization, access and resource', () => {
  assert.deepEqual(
    shown(
      self,
      token('one', on('read', { type: 'buckets', id: 'b1', orgID: ORG }, { type: 'tasks', orgID: ORG })),
      token('two', on('write', { type: 'buckets', id: 'b1', orgID: ORG })),
      token('three', on('write', { type: 'buckets', id: 'b2', orgID: ORG })),
    ),
    [
      [
        'lab',
        undefined,
        [
          ['read: tasks', 'one'],
          ['both: rain', 'one two'],
          ['write: b2', 'three'],
        ],
      ],
      ['Your account', undefined, [['both: profile, password and sessions', 'self']]],
    ],
  )
})

test('a single bucket adds no row beside all buckets, but where the access differs', () => {
  const permissions = on('read', { type: 'buckets', orgID: ORG }, { type: 'buckets', id: 'b1', orgID: ORG })
  assert.deepEqual(shown(token('one', permissions)), [['lab', undefined, [['read: buckets', 'one']]]])
  const writing = token('two', on('write', { type: 'buckets', id: 'b1', orgID: ORG }))
  assert.deepEqual(shown(token('one', permissions), writing), [
    [
      'lab',
      undefined,
      [
        ['read: buckets', 'one'],
        ['write: rain', 'two'],
      ],
    ],
  ])
})

test('what holds in every organization comes first, also the instance, and is not everything if a type lacks', () => {
  const whole = (action: string, types: string[]) => on(action, ...types.map((type) => ({ type })))
  const operator = token('op', [...whole('read', TYPES), ...whole('write', TYPES.slice(1))])
  const instance: Grant = {
    ...{ kind: 'membership', role: 'owner', resource: { type: 'instance', id: OTHER, name: '' } },
    permissions: [...whole('read', ['instance']), ...whole('write', ['instance'])],
  }
  assert.deepEqual(shown(owner(ORG), operator, instance), [
    [
      'All organizations',
      undefined,
      [
        ['read: everything', 'op'],
        ['both: everything on this server', 'membership'],
        ['write: organizations, tasks', 'op'],
      ],
    ],
    ['lab', 'owner', [['both: everything', 'membership']]],
  ])
})

test('an organization that the reader may not open has its id for a title, and no link', () => {
  const [group] = groupsOf([token('one', on('read', { type: 'tasks', orgID: OTHER }))], {
    ...{ names: NAMES, types: TYPES, self: SELF },
  })
  assert.deepEqual([group?.title, group?.isReadable], [OTHER, false])
})

test('the owner of a bucket alone sees its name', () => {
  const grant: Grant = {
    ...{ kind: 'membership', role: 'owner', resource: { type: 'buckets', id: 'b7', name: 'snow' } },
    permissions: on('read', { type: 'buckets', id: 'b7' }),
  }
  assert.deepEqual(shown(grant), [['Other resources', undefined, [['read: snow', 'membership']]]])
})
