/**
 * No caller can grant a right that they do not hold (ASVS 5.0 8.2.1, 8.3.1). Each caller has a token with few
 * permissions and sends one to three requests. Afterwards no user may do more than they or the caller could before, and
 * the caller has learned no secret that allows more than their own token.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { rightsOf } from '../../src/domain/access/giving.ts'
import { operatorPermissions } from '../../src/domain/access/grants.ts'
import { compilePermissions, type PermissionSet } from '../../src/domain/access/permission-set.ts'
import { newAuthorization } from '../../src/domain/authorizations/new-authorization.ts'
import type { ID } from '../../src/domain/base/id.ts'
import { INSTANCE_ID } from '../../src/domain/records/membership.ts'
import {
  ACTIONS,
  formatPermission,
  type Permission,
  permission,
  RESOURCE_TYPES,
} from '../../src/domain/records/permission.ts'
import { fillIn } from '../conformance/matching.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { RULES } from './matrix.ts'

let server: SetUpServer
let made = 1
before(async () => {
  server = await startSetUp()
})
after(() => server.stop())

/** The owner of the caller's token: a user without memberships, an owner, or the operator. */
const CALLERS = ['nobody', 'owner', 'operator'] as const
type Caller = (typeof CALLERS)[number]

/** One organization with an owner, a member, an inactive owner, a bucket and tokens; another one with a bucket. */
const PEOPLE = ['nobody', 'owner', 'member', 'inactive', 'stranger', 'operator'] as const
const THINGS = ['org', 'other', 'bucket', 'otherBucket', 'token', 'offToken', 'memberToken'] as const
type Name = (typeof PEOPLE)[number] | (typeof THINGS)[number]
type World = ReadonlyMap<string, string>

const nextID = () => (0x0f00_0000_0000 + made++).toString(16).padStart(16, '0') as ID

async function createWorld(caller: Caller, held: (id: (name: Name) => ID) => readonly Permission[]) {
  const ids = new Map<string, ID>([...PEOPLE, ...THINGS].map((name) => [name, nextID()]))
  const id = (name: Name) => ids.get(name) as ID
  const at = new Date().toISOString()
  const texts = { description: '', createdAt: at, updatedAt: at }
  const secrets = new Map<string, string>()
  await server.store.transaction(async (records) => {
    for (const name of PEOPLE) {
      const status = name === 'inactive' ? 'inactive' : 'active'
      await records.users.add({ id: id(name), name: `${name} ${id(name)}`, status })
    }
    for (const name of ['org', 'other'] as const) {
      await records.organizations.add({ id: id(name), name: `${name} ${id(name)}`, ...texts })
    }
    for (const [name, orgID] of [
      ['bucket', id('org')],
      ['otherBucket', id('other')],
    ] as const) {
      const retention = { retentionPolicy: '', retentionSeconds: 0, shardGroupSeconds: 3600 }
      await records.buckets.add({ id: id(name), orgID, type: 'user', name, ...texts, ...retention })
    }
    const join = (userID: ID, resourceType: 'orgs' | 'instance', resourceID: ID, role: 'owner' | 'member') =>
      records.memberships.add({ userID, resourceType, resourceID, role })
    await join(id('owner'), 'orgs', id('org'), 'owner')
    await join(id('inactive'), 'orgs', id('org'), 'owner')
    await join(id('member'), 'orgs', id('org'), 'member')
    await join(id('operator'), 'instance', INSTANCE_ID, 'owner')
    const orgID = id('org')
    const all = [permission('write', 'authorizations', { orgID }), permission('write', 'buckets', { orgID })]
    for (const [name, userID, status, permissions] of [
      ['token', id('owner'), 'active', all],
      ['offToken', id('stranger'), 'inactive', all],
      ['memberToken', id('member'), 'active', [permission('read', 'buckets', { orgID })]],
      ['caller', id(caller), 'active', held(id)],
    ] as const) {
      const tokenID = ids.get(name) ?? nextID()
      const fields = { orgID, userID, status, description: name, permissions, expiresAt: undefined }
      const { authorization, token } = newAuthorization(fields, { id: tokenID, at })
      await records.authorizations.add(authorization)
      secrets.set(name, token)
    }
  })
  return { ids: ids as World, id, secret: secrets.get('caller') as string, held: held(id) }
}

/** All possible checks on existing resources and on whole types. */
function questionsAbout(id: (name: Name) => ID): Permission[] {
  const places = [
    { orgID: id('org'), bucket: id('bucket') },
    { orgID: id('other'), bucket: id('otherBucket') },
  ]
  return ACTIONS.flatMap((action) => [
    ...PEOPLE.map((name) => permission(action, 'users', { id: id(name) })),
    ...places.flatMap(({ orgID, bucket }) => [
      permission(action, 'orgs', { id: orgID }),
      permission(action, 'orgs', { id: orgID, orgID }),
      permission(action, 'buckets', { id: bucket, orgID }),
      ...(['buckets', 'authorizations', 'tasks', 'users'] as const).map((type) =>
        permission(action, type, { orgID }),
      ),
    ]),
    ...(['token', 'offToken', 'memberToken'] as const).map((name) =>
      permission(action, 'authorizations', { id: id(name), orgID: id('org') }),
    ),
    ...(['orgs', 'users', 'buckets', 'authorizations', 'tasks'] as const).map((type) =>
      permission(action, type),
    ),
  ])
}

async function rightsOfAll(id: (name: Name) => ID): Promise<Map<Name, PermissionSet>> {
  const rights = new Map<Name, PermissionSet>()
  for (const name of PEOPLE) {
    // An inactive user has no rights until they are activated.
    const active = (await server.store.users.byID(id(name)))?.status === 'active'
    rights.set(name, compilePermissions(active ? await rightsOf(id(name), server.store, Date.now()) : []))
  }
  return rights
}

interface Ask {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly json?: object
}

const userIDs = PEOPLE.map((name) => `{{${name}}}`)
const TOKENS = ['{{token}}', '{{offToken}}', '{{memberToken}}']
const ORGS = ['{{org}}', '{{other}}', INSTANCE_ID]
const BUCKETS = ['{{bucket}}', '{{otherBucket}}']
const cross = <A, B>(left: readonly A[], right: readonly B[]) =>
  left.flatMap((one) => right.map((other) => [one, other] as const))

/** Every operation that changes something, with every target and body that might grant rights. */
const CHANGES: readonly Ask[] = [
  ...userIDs.flatMap((user): Ask[] => {
    const path = `/api/v2/users/${user}`
    return [
      { operationId: 'PatchUsersID', method: 'PATCH', path, json: { status: 'active' } },
      { operationId: 'PatchUsersID', method: 'PATCH', path, json: { status: 'inactive' } },
      { operationId: 'DeleteUsersID', method: 'DELETE', path },
      {
        operationId: 'PostUsersIDPassword',
        method: 'POST',
        path: `${path}/password`,
        json: { password: 'learned horse 1' },
      },
      { operationId: 'DeleteUsersIDSessions', method: 'DELETE', path: `${path}/sessions` },
    ]
  }),
  { operationId: 'PostUsers', method: 'POST', path: '/api/v2/users', json: { name: 'new {{n}}' } },
  { operationId: 'PostOrgs', method: 'POST', path: '/api/v2/orgs', json: { name: 'new {{n}}' } },
  ...ORGS.flatMap((org): Ask[] => [
    { operationId: 'PatchOrgsID', method: 'PATCH', path: `/api/v2/orgs/${org}`, json: { description: 'd' } },
    { operationId: 'DeleteOrgsID', method: 'DELETE', path: `/api/v2/orgs/${org}` },
    {
      operationId: 'PostBuckets',
      method: 'POST',
      path: '/api/v2/buckets',
      json: { orgID: org, name: 'new {{n}}' },
    },
  ]),
  ...BUCKETS.flatMap((bucket): Ask[] => [
    {
      operationId: 'PatchBucketsID',
      method: 'PATCH',
      path: `/api/v2/buckets/${bucket}`,
      json: { name: 'n' },
    },
    { operationId: 'DeleteBucketsID', method: 'DELETE', path: `/api/v2/buckets/${bucket}` },
  ]),
  ...(
    [
      ['Orgs', ORGS],
      ['Buckets', BUCKETS],
    ] as const
  ).flatMap(([type, places]) =>
    cross(places, userIDs).flatMap(([place, user]): Ask[] => {
      const path = `/api/v2/${type.toLowerCase()}/${place}`
      return [
        { operationId: `Post${type}IDMembers`, method: 'POST', path: `${path}/members`, json: { id: user } },
        { operationId: `Post${type}IDOwners`, method: 'POST', path: `${path}/owners`, json: { id: user } },
        { operationId: `Delete${type}IDMembersID`, method: 'DELETE', path: `${path}/members/${user}` },
        { operationId: `Delete${type}IDOwnersID`, method: 'DELETE', path: `${path}/owners/${user}` },
        ...['owner', 'member'].map((role) => ({
          operationId: `Patch${type}IDMembersID`,
          method: 'PATCH',
          path: `${path}/members/${user}`,
          json: { role },
        })),
      ]
    }),
  ),
  ...cross(['{{org}}', '{{other}}'], userIDs).flatMap(([orgID, userID]) =>
    [
      { action: 'write', resource: { type: 'authorizations', orgID } },
      { action: 'read', resource: { type: 'buckets', id: '{{bucket}}' } },
      { action: 'write', resource: { type: 'buckets', id: '{{otherBucket}}', orgID } },
      { action: 'write', resource: { type: 'users', id: '{{owner}}', orgID } },
      { action: 'write', resource: { type: 'orgs', id: '{{org}}' } },
      { action: 'write', resource: { type: 'users' } },
      { action: 'read', resource: { type: 'instance' } },
    ].map(
      (each): Ask => ({
        operationId: 'PostAuthorizations',
        method: 'POST',
        path: '/api/v2/authorizations',
        json: { orgID, userID, permissions: [each] },
      }),
    ),
  ),
  ...[
    { action: 'read', resource: { type: 'buckets', orgID: '{{org}}' } },
    { action: 'write', resource: { type: 'authorizations', orgID: '{{org}}' } },
  ].flatMap((each): Ask[] => [
    {
      ...{ operationId: 'PostLegacyAuthorizations', method: 'POST', path: '/private/legacy/authorizations' },
      json: { token: 'telegraf {{n}}', orgID: '{{org}}', userID: '{{owner}}', permissions: [each] },
    },
  ]),
  ...TOKENS.flatMap((token): Ask[] => {
    const path = `/api/v2/authorizations/${token}`
    return [
      ...['active', 'inactive'].map((status) => ({
        operationId: 'PatchAuthorizationsID',
        method: 'PATCH',
        path,
        json: { status },
      })),
      { operationId: 'DeleteAuthorizationsID', method: 'DELETE', path },
      { operationId: 'PostAuthorizationsIDRotate', method: 'POST', path: `${path}/rotate` },
    ]
  }),
]

/** Changes that grant nothing: they affect only the caller's own session or all sessions, or are open to all. */
const GIVE_NOTHING = new Set([
  ...['PutUsersIDPassword', 'PutMePassword', 'DeleteMeSessions', 'DeleteMeSessionsID'],
  ...[
    'DeleteUsersIDSessionsID',
    'DeleteSessions',
    'PostSignout',
    'PostSignoutProvider',
    'PostSignin',
    'PostSetup',
  ],
  ...['PostThrottledRelease', 'PostSetupCheck'],
  // By session only: test/security/second-factors.test.ts.
  ...['PostMeSecondFactorsTotp', 'PostMeSecondFactors', 'PatchMeSecondFactorsID', 'DeleteMeSecondFactorsID'],
  ...['PostMeRecoveryCodes', 'PostMeApplicationPasswords', 'DeleteMeApplicationPasswordsID'],
  ...['PostSigninSecondFactor', 'DeleteUsersIDSecondFactors', 'PutOrgsIDSecondFactor'],
  // Likewise: test/security/passkeys.test.ts.
  ...['PostMePasskeysChallenge', 'PostMePasskeys', 'PostSigninPasskey', 'PostSigninPasskeyChallenge'],
  ...['PostSigninSecondFactorPasskey', 'PostSigninSecondFactorPasskeyChallenge'],
  // Their rights come by links, which src/domain/self-service/self-service.test.ts follows.
  ...['PostOrgsIDInvitations', 'DeleteOrgsIDInvitationsID', 'PostUsersIDPasswordLink'],
  ...['PutUsersIDEmail', 'DeleteUsersIDEmail', 'PostSigninForgot', 'PostSigninInvitation'],
  ...['PostSigninLink', 'PostSigninNewPassword', 'PostSigninVerifyEmail'],
  // Their rights come from providers, of which this server has none: src/domain/single-sign-on/*.test.ts.
  ...['PostUsersIDIdentities', 'DeleteUsersIDIdentitiesID', 'PostUsersIDSwitchedOffTokensSwitchOn'],
  ...['PostMeIdentitiesOidc', 'PostSigninOidc', 'PostSigninOidcBackchannelLogout'],
  // Approved by session only, and the token has its rights: src/domain/command-line/command-line-logins.test.ts.
  ...['PostMeCommandLine', 'PostMeCommandLineApprove', 'PostMeCommandLineDeny', 'DeleteMeToken'],
  ...['PostSigninCommandLine', 'PostSigninCommandLineToken', 'PostSigninDevice', 'PostSigninDeviceToken'],
  // There is no InfluxDB behind this server.
  'PostUpstreamRepair',
  'PostUpstreamAdopt',
  // A 1.x authorization is no principal of the API; test/http/legacy-authorizations.test.ts tries what they give.
  ...['PatchLegacyAuthorizationsID', 'DeleteLegacyAuthorizationsID', 'PostLegacyAuthorizationsIDPassword'],
])

test('every operation that changes something is tested', () => {
  const tried = new Set(CHANGES.map(({ operationId }) => operationId))
  const missing = Object.keys(RULES).filter(
    (operationId) =>
      !operationId.startsWith('Get') && !tried.has(operationId) && !GIVE_NOTHING.has(operationId),
  )
  assert.deepEqual(missing, [])
})

/** Runs the requests. Returns those that succeeded, and the rights that users gained or the caller learned. */
async function play(
  caller: Caller,
  held: (id: (name: Name) => ID) => readonly Permission[],
  asks: readonly Ask[],
) {
  const world = await createWorld(caller, held)
  const { id } = world
  const questions = questionsAbout(id)
  const own = compilePermissions(world.held)
  const earlier = await rightsOfAll(id)
  const known = new Map([...world.ids, ['n', String(made)]])
  const learned: [string, PermissionSet][] = []
  const passwordsOf = new Set<string>()
  const done: string[] = []
  for (const { method, path, json } of asks) {
    const response = await fetch(server.url + fillIn(path, known), {
      method,
      headers: { authorization: `Token ${world.secret}` },
      ...(json ? { body: JSON.stringify(fillIn<unknown>(json, known)) } : {}),
    })
    const text = await response.text()
    if (!response.ok) continue
    done.push(`${method} ${path} ${JSON.stringify(json ?? '')}`)
    if (path.endsWith('/password')) passwordsOf.add(fillIn(path, known).split('/')[4] ?? '')
    const { token, permissions } = text ? JSON.parse(text) : {}
    if (token) learned.push(['a token', compilePermissions(permissions)])
  }
  const later = await rightsOfAll(id)
  for (const name of PEOPLE) {
    const rights = later.get(name)
    if (passwordsOf.has(id(name)) && rights) learned.push([`the password of ${name}`, rights])
  }
  const gained: string[] = []
  for (const question of questions) {
    if (own.allows(question)) continue
    const asked = formatPermission(question)
    for (const name of PEOPLE) {
      const had = earlier.get(name)?.allows(question)
      if (!had && later.get(name)?.allows(question)) {
        // Activating an inactive user restores rights, which must count as new.
        gained.push(`${name} gained ${asked}`)
      }
    }
    for (const [what, rights] of learned) {
      if (rights.allows(question)) gained.push(`the caller learned ${what} with ${asked}`)
    }
  }
  return { done, gained }
}

/** Every single permission on existing resources, on whole types, and on the instance. */
function minimalPermissions(): ((id: (name: Name) => ID) => Permission)[] {
  const types = ['orgs', 'users', 'buckets', 'authorizations'] as const
  const things: Record<(typeof types)[number], readonly Name[]> = {
    orgs: ['org', 'other'],
    users: PEOPLE,
    buckets: ['bucket', 'otherBucket'],
    authorizations: ['token', 'offToken'],
  }
  // Of these no route gives any away, but writing the instance allows writing everything.
  const others = RESOURCE_TYPES.filter((type) => !(types as readonly string[]).includes(type))
  return ACTIONS.flatMap((action) => [
    ...others.map((type) => () => permission(action, type)),
    ...types.flatMap((type) => [
      () => permission(action, type),
      ...(['org', 'other'] as const).map((name) => (id: (name: Name) => ID) => {
        return permission(action, type, { orgID: id(name) })
      }),
      ...things[type].map((name) => (id: (name: Name) => ID) => permission(action, type, { id: id(name) })),
      ...(type === 'orgs'
        ? [(id: (name: Name) => ID) => permission(action, type, { id: id('org'), orgID: id('org') })]
        : []),
    ]),
  ])
}

const MINIMAL = minimalPermissions()
const both = (of: (action: (typeof ACTIONS)[number]) => Permission) => ACTIONS.map(of)
/** Permissions to act on tokens, users and organizations without those inside; random sets rarely contain them. */
const KEEPERS: ((id: (name: Name) => ID) => Permission[])[] = [
  (id) => [
    ...both((action) => permission(action, 'authorizations', { orgID: id('org') })),
    ...both((action) => permission(action, 'users')),
  ],
  () => both((action) => permission(action, 'users')),
  () => both((action) => permission(action, 'orgs')),
  (id) => both((action) => permission(action, 'orgs', { id: id('org'), orgID: id('org') })),
]
const owner = (id: (name: Name) => ID) =>
  operatorPermissions().map(({ action, resource: { type } }) =>
    permission(action, type, type === 'orgs' ? { id: id('org') } : { orgID: id('org') }),
  )

describe('no user gains a right that neither they nor the caller had', () => {
  test('after a single request, with one permission or few', async () => {
    const writes = MINIMAL.filter((_, index) => index >= MINIMAL.length / 2)
    const sets = [...writes.map((each) => (id: (name: Name) => ID) => [each(id)]), ...KEEPERS]
    for (const held of sets) {
      for (const caller of CALLERS) {
        // Most requests are refused and change nothing, so all share one world.
        const { done, gained } = await play(caller, held, CHANGES.filter(isGiving))
        assert.deepEqual(gained, [], done.join('\n'))
      }
    }
  })

  test('after up to three requests with a few permissions', async () => {
    let succeeded = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CALLERS),
        fc.oneof(
          fc.array(fc.constantFrom(...MINIMAL), { minLength: 1, maxLength: 5 }),
          fc.subarray(MINIMAL, { minLength: 5 }),
          fc.constantFrom(...KEEPERS).map((keeper) => [keeper]),
        ),
        fc.boolean(),
        fc.array(fc.constantFrom(...CHANGES), { minLength: 1, maxLength: 3 }),
        async (caller, few, isOwner, asks) => {
          const held = (id: (name: Name) => ID) => [
            ...few.flatMap<Permission>((each) => each(id)),
            ...(isOwner ? owner(id) : []),
          ]
          const { done, gained } = await play(caller, held, asks)
          succeeded += done.length
          assert.deepEqual(gained, [], done.join('\n'))
        },
      ),
      { numRuns: 400 },
    )
    assert.ok(succeeded > 100, `only ${succeeded} requests succeeded`)
  })
})

/** Omits requests that delete the targets of later ones. */
function isGiving({ method, json }: Ask): boolean {
  return method !== 'DELETE' && (json as { status?: string } | undefined)?.status !== 'inactive'
}
