import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN, type World } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { storedTokenHashes } from '../base/secrets.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import type { ForeignRecords, ForeignToken } from './foreign-records.ts'
import { inWords } from './import-report.ts'
import { createImporter } from './importer.ts'

const id = (text: string) => text.padStart(16, '1') as ID
const [ADA, BOB, GONE] = [id('a1'), id('b1'), id('99')]
const [ORG, OTHER_ORG] = [id('c1'), id('c2')]
const [BUCKET, OTHER_BUCKET] = [id('e1'), id('e2')]
const AT = '2026-01-02T03:04:05.678901234Z'
const TIMES = { createdAt: AT, updatedAt: AT }
/** Of the password `abc`, cost 4. */
const BCRYPT = `$2a$04$${'a'.repeat(53)}`

const user = (userID: ID, name: string) => ({ id: userID, name, status: 'active' }) as const
const organization = (orgID: ID, name: string) => ({ id: orgID, name, description: 'd', ...TIMES })
const bucket = (bucketID: ID, name: string, orgID = ORG) => ({
  ...({ id: bucketID, orgID, type: 'user', name, description: '', retentionPolicy: 'rp' } as const),
  ...{ retentionSeconds: 3600, shardGroupSeconds: 60, ...TIMES },
})
const RIGHTS = { status: 'active', description: 'd', orgID: ORG, userID: ADA, ...TIMES } as const
const READ = { action: 'read', resource: { type: 'buckets', orgID: ORG } } as const
const token = (secret: string, fields: Partial<ForeignToken> = {}): ForeignToken => ({
  ...{ id: id(`d${secret.length}`), permissions: [READ], hashes: storedTokenHashes(secret) },
  ...RIGHTS,
  ...fields,
})
function owner(userID: ID, resourceID: ID, resourceType = 'orgs', role = 'owner') {
  return { userID, resourceID, resourceType, role }
}

const EVERYTHING: ForeignRecords = {
  users: [user(ADA, 'ada'), user(BOB, 'bob')],
  passwords: new Map([[ADA, BCRYPT]]),
  organizations: [organization(ORG, 'works'), organization(OTHER_ORG, 'plant')],
  buckets: [bucket(BUCKET, 'points'), bucket(OTHER_BUCKET, 'points', OTHER_ORG)],
  memberships: [
    owner(ADA, INSTANCE_ID, 'instance'),
    owner(ADA, ORG),
    owner(BOB, BUCKET, 'buckets', 'member'),
  ],
  tokens: [token('1'), token('22', { userID: BOB, status: 'inactive' })],
  legacyAuthorizations: [{ ...RIGHTS, id: id('f1'), name: 'v1', permissions: [READ] }],
  legacyPasswords: new Map([[id('f1'), BCRYPT]]),
  dbrpMappings: [
    {
      ...{ id: id('f5'), orgID: ORG, bucketID: BUCKET, database: 'db' },
      retentionPolicy: 'rp',
      isDefault: true,
    },
  ],
}
const NOTHING: ForeignRecords = {
  ...{ users: [], organizations: [], buckets: [], memberships: [], tokens: [], dbrpMappings: [] },
  ...{ passwords: new Map(), legacyAuthorizations: [], legacyPasswords: new Map() },
}
const foreign = (fields: Partial<ForeignRecords>) => ({ ...NOTHING, ...fields })

function importerOf({ changes }: World, longestName?: number) {
  const origin = { ...ORIGIN, userAgent: 'sluice import' }
  const importer = createImporter({ changes, longestName, origin })
  return (records: ForeignRecords, options: { add?: boolean; dryRun?: boolean } = {}) =>
    importer.run(records, { add: false, dryRun: false, progress() {}, ...options })
}

async function setUp(longestName?: number) {
  const world = await createWorld()
  return { ...world, run: importerOf(world, longestName) }
}

/** All that an import may write. */
async function contents({ store }: Pick<World, 'store'>) {
  const all = { limit: 1000, offset: 0, descending: false }
  const users = await store.users.list(all)
  const passwords = await Promise.all(users.map((each) => store.passwords.get(each.id)))
  const memberships = await Promise.all(users.map((each) => store.memberships.ofUser(each.id)))
  return structuredClone({
    ...{ users, passwords, memberships: memberships.flat() },
    organizations: await store.organizations.list(all),
    buckets: await store.buckets.list({}, all),
    tokens: await store.authorizations.list({}),
    legacy: await store.legacyAuthorizations.list({}),
    mappings: await store.dbrpMappings.list({}),
    events: await store.audit.list({}, all),
  })
}

const reasons = (notes: readonly { kind: string; id: string; why: string }[]) =>
  notes.map((note) => `${note.kind} ${note.id}: ${note.why}`)

suite('an import into an empty store', () => {
  test('takes over every record with its id', async () => {
    const world = await setUp()
    const report = await world.run(EVERYTHING)
    assert.deepEqual([report.leftOut, report.remarks], [[], []])
    const found = await contents(world)
    assert.deepEqual(found.users, EVERYTHING.users)
    assert.deepEqual(found.passwords, [{ hash: BCRYPT, mustChange: false }, undefined])
    assert.deepEqual(found.organizations, EVERYTHING.organizations)
    assert.deepEqual(found.buckets, EVERYTHING.buckets)
    assert.deepEqual(
      found.memberships.map(({ role, ...rest }) => ({ ...rest, role })),
      EVERYTHING.memberships,
    )
    assert.deepEqual(
      found.tokens.map(({ hashedToken, status, createdAt, permissions }) => [
        hashedToken,
        status,
        createdAt,
        permissions,
      ]),
      [
        [storedTokenHashes('1')[0], 'active', AT, [READ]],
        [storedTokenHashes('22')[0], 'inactive', AT, [READ]],
      ],
    )
    assert.deepEqual(found.legacy, EVERYTHING.legacyAuthorizations)
    assert.equal(await world.store.legacyAuthorizations.passwordHashOf(id('f1')), BCRYPT)
    assert.deepEqual(found.mappings, EVERYTHING.dbrpMappings)
    assert.equal((await world.asToken('1')).principal.user.name, 'ada')
  })

  test('is one event of the audit log, without an actor', async () => {
    const world = await setUp()
    await world.run(EVERYTHING)
    const [event, ...others] = await world.audited()
    assert.deepEqual(others, [])
    assert.deepEqual(event?.target.name, inWords((await createReport(EVERYTHING)).came))
    assert.deepEqual(
      [event?.event, event?.actor.userID, event?.userAgent],
      ['import', undefined, 'sluice import'],
    )
  })

  test('is refused where there is data, and changes nothing', async () => {
    const world = await setUp()
    await world.addOperator()
    const before = await contents(world)
    await refused(() => world.run(EVERYTHING), 'unprocessable entity', /already; with --add the import adds/)
    assert.deepEqual(await contents(world), before)
  })

  test('leaves out what refers to missing records, and what has unknown types, and says why', async () => {
    const world = await setUp()
    const unknown = { action: 'read', resource: { type: 'rockets' } }
    const report = await world.run({
      ...EVERYTHING,
      passwords: new Map([
        [GONE, BCRYPT],
        [BOB, 'md5'],
      ]),
      buckets: [bucket(BUCKET, 'points'), bucket(OTHER_BUCKET, 'points'), bucket(id('e3'), 'x', GONE)],
      memberships: [
        owner(GONE, ORG),
        owner(ADA, GONE),
        owner(ADA, GONE, 'buckets'),
        owner(ADA, id('77'), 'tasks'),
        owner(ADA, ORG, 'orgs', 'visitor'),
        owner(ADA, id('2'), 'instance'),
        owner(ADA, OTHER_BUCKET, 'buckets'),
      ],
      tokens: [
        token('1'),
        token('22', { userID: GONE }),
        token('333', { orgID: GONE }),
        token('4444', { hashes: [] }),
        token('55555', { hashes: ['$influxdb2-md5$x'] }),
        token('666666', { permissions: [unknown, READ, { action: 'eat', resource: { type: 'buckets' } }] }),
        token('7777777', { hashes: [storedTokenHashes('1')[1]] }),
      ],
      legacyAuthorizations: [
        { ...RIGHTS, id: id('f1'), name: 'v1', permissions: [unknown] },
        { ...RIGHTS, id: id('f2'), name: 'v1', permissions: [] },
        { ...RIGHTS, id: id('f3'), name: 'v3', permissions: [], userID: GONE },
      ],
      legacyPasswords: new Map([
        [id('f1'), 'md5'],
        [id('f2'), BCRYPT],
        [id('f9'), BCRYPT],
      ]),
      dbrpMappings: [
        ...EVERYTHING.dbrpMappings,
        {
          ...{ id: id('f6'), orgID: ORG, bucketID: BUCKET, database: 'db' },
          retentionPolicy: 'rp',
          isDefault: false,
        },
        {
          ...{ id: id('f7'), orgID: ORG, bucketID: GONE, database: 'x' },
          retentionPolicy: '',
          isDefault: false,
        },
      ],
    })
    assert.deepEqual(reasons(report.leftOut), [
      `passwords ${GONE}: its user ${GONE} does not exist`,
      `passwords ${BOB}: its hash is not bcrypt; reset the password`,
      `buckets ${OTHER_BUCKET}: its organization has another bucket of this name`,
      `buckets ${id('e3')}: its organization ${GONE} does not exist`,
      `memberships ${ORG}: its user ${GONE} does not exist`,
      `memberships ${GONE}: its organization ${GONE} does not exist`,
      `memberships ${GONE}: its bucket ${GONE} does not exist`,
      `memberships ${id('77')}: Sluice keeps no members of tasks as owner; they stay in InfluxDB`,
      `memberships ${ORG}: Sluice keeps no members of orgs as visitor; they stay in InfluxDB`,
      `memberships ${id('2')}: there is no instance ${id('2')}`,
      `memberships ${OTHER_BUCKET}: its bucket ${OTHER_BUCKET} is left out`,
      `tokens ${id('d2')}: its user ${GONE} does not exist`,
      `tokens ${id('d3')}: its organization ${GONE} does not exist`,
      `tokens ${id('d4')}: InfluxDB has neither the token nor its hash`,
      `tokens ${id('d5')}: its hash is neither SHA-256 nor SHA-512`,
      `permissions ${id('d6')}: Sluice does not know this permission`,
      `permissions ${id('d6')}: Sluice does not know this permission`,
      `tokens ${id('d7')}: another token here has the same secret`,
      `permissions ${id('f1')}: Sluice does not know this permission`,
      `legacyAuthorizations ${id('f2')}: another 1.x authorization here has this name`,
      `legacyAuthorizations ${id('f3')}: its user ${GONE} does not exist`,
      `legacyPasswords ${id('f1')}: its hash is not bcrypt; set the password again`,
      `legacyPasswords ${id('f2')}: its 1.x authorization ${id('f2')} is left out`,
      `legacyPasswords ${id('f9')}: its 1.x authorization ${id('f9')} does not exist`,
      `dbrpMappings ${id('f6')}: its organization has another mapping of this database and retention policy`,
      `dbrpMappings ${id('f7')}: its bucket ${GONE} does not exist`,
    ])
    assert.deepEqual(
      report.remarks.map(({ why }) => why),
      ['no user owns the instance; sluice recovery user update --username NAME --operator makes an operator'],
    )
    assert.deepEqual((await world.store.authorizations.byID(id('d6')))?.permissions, [READ])
  })

  test('brings users whose names look alike, each found by exactly their name', async () => {
    const world = await setUp()
    const names = ['ada', 'ada\u200b', 'Ada', 'a\0da', '<b>', 'x'.repeat(6000)]
    const users = names.map((name, index) => user(id(`a${index}`), name))
    const report = await world.run(foreign({ users }))
    assert.equal(report.came.users, names.length)
    assert.deepEqual(reasons(report.remarks.filter(({ kind }) => kind === 'users')), [
      `users ${id('a1')}: another name looks the same, so they sign in with exactly this name only`,
      `users ${id('a3')}: another name looks the same, so they sign in with exactly this name only`,
    ])
    for (const { name, id } of users) assert.equal((await world.store.users.byName(name))?.id, id)
  })

  test('leaves out names that the database cannot index, and what refers to them', async () => {
    const world = await setUp(100)
    const long = 'é'.repeat(51)
    const report = await world.run({
      ...EVERYTHING,
      users: [user(ADA, long), user(BOB, 'é'.repeat(50))],
      organizations: [organization(ORG, ''), organization(OTHER_ORG, 'plant')],
      buckets: [bucket(OTHER_BUCKET, long, OTHER_ORG)],
    })
    const why = 'its name has more than 100 bytes, which PostgreSQL cannot index'
    const notes = reasons(report.leftOut)
    assert.ok(notes.includes(`users ${ADA}: ${why}`))
    assert.ok(notes.includes(`organizations ${ORG}: its name is empty`))
    assert.ok(notes.includes(`buckets ${OTHER_BUCKET}: ${why}`))
    assert.ok(notes.includes(`tokens ${id('d1')}: its user ${ADA} is left out`))
    assert.ok(notes.includes(`passwords ${ADA}: its user ${ADA} is left out`))
    assert.deepEqual([report.came.users, report.came.organizations, report.came.tokens], [1, 1, 0])
  })
})

async function createReport(records: ForeignRecords) {
  const world = await setUp()
  return world.run(records)
}

suite('a dry run', () => {
  test('reports what the import then does, and keeps nothing', async () => {
    const world = await setUp()
    const before = await contents(world)
    const dry = await world.run(EVERYTHING, { dryRun: true })
    assert.deepEqual(await contents(world), before)
    assert.deepEqual(await world.run(EVERYTHING), dry)
    const second = await world.run(EVERYTHING, { dryRun: true, add: true })
    assert.deepEqual(second.alreadyHere, dry.came)
  })
})

suite('an import that fails', () => {
  test('leaves the store as it was, however late it fails', async () => {
    const total = 15
    for (let at = 1; at <= total; at++) {
      const world = await createWorld()
      const importer = createImporter({ changes: world.changes, longestName: undefined, origin: ORIGIN })
      const before = await contents(world)
      const failing = importer.run(EVERYTHING, {
        ...{ add: false, dryRun: false },
        progress(done, of) {
          assert.equal(of, total)
          if (done === at) throw new Error('out of the blue')
        },
      })
      await assert.rejects(failing, /out of the blue/)
      assert.deepEqual(await contents(world), before)
      assert.deepEqual(await world.store.importedRecords.among([`users/${ADA}`]), new Set())
    }
  })
})

suite('an import with --add', () => {
  test('brings what is new, and never changes or deletes', async () => {
    const world = await setUp()
    await world.run(EVERYTHING)
    const before = await contents(world)
    const report = await world.run(
      {
        ...EVERYTHING,
        users: [user(ADA, 'ada renamed'), user(id('a2'), 'cai')],
        passwords: new Map([
          [ADA, BCRYPT.replace('aaa', 'bbb')],
          [id('a2'), BCRYPT],
        ]),
        organizations: [organization(ORG, 'renamed')],
        buckets: [bucket(BUCKET, 'renamed'), bucket(id('e5'), 'new')],
        memberships: [owner(ADA, ORG, 'orgs', 'member'), owner(BOB, ORG), owner(id('a2'), ORG)],
        tokens: [token('1', { status: 'inactive' }), token('88888888')],
        dbrpMappings: [
          ...EVERYTHING.dbrpMappings,
          {
            ...{ id: id('f8'), orgID: ORG, bucketID: BUCKET, database: 'db' },
            retentionPolicy: 'b',
            isDefault: true,
          },
        ],
      },
      { add: true },
    )
    // Bob is not among the users of InfluxDB any more, but is here.
    assert.deepEqual(reasons(report.leftOut), [`memberships ${ORG}: its user ${BOB} does not exist`])
    assert.deepEqual(reasons(report.remarks), [
      `dbrpMappings ${id('f8')}: another mapping is the default of its database here, and stays it`,
    ])
    assert.equal(
      inWords(report.came),
      '1 user, 1 password, 1 bucket, 1 membership, 1 token and 1 DBRP mapping',
    )
    const after = await contents(world)
    for (const kind of ['users', 'organizations', 'buckets', 'tokens', 'legacy', 'mappings'] as const) {
      for (const record of before[kind]) {
        assert.deepEqual(
          (after[kind] as { id: ID }[]).find((each) => each.id === record.id),
          record,
        )
      }
    }
    assert.deepEqual(await world.store.passwords.get(ADA), { hash: BCRYPT, mustChange: false })
    assert.equal(
      (await world.store.memberships.ofUser(ADA)).find((each) => each.resourceID === ORG)?.role,
      'owner',
    )
    assert.equal((await world.store.dbrpMappings.resolve(ORG, 'db'))?.retentionPolicy, 'rp')
  })

  test('does not bring back what was deleted here, nor what belongs to it', async () => {
    const world = await setUp()
    await world.run(EVERYTHING)
    await world.changes(async (change) => {
      await change.authorizations.remove(id('d1'))
      await change.memberships.remove(ORG, ADA)
      await change.legacyAuthorizations.remove(id('f1'))
      await change.dbrpMappings.remove(id('f5'))
      await change.buckets.remove(OTHER_BUCKET)
      await change.organizations.remove(OTHER_ORG)
      await change.users.remove(BOB)
      await change.authorizations.removeOfUser(BOB)
      await change.memberships.removeOfUser(BOB)
    })
    const before = await contents(world)
    const report = await world.run(EVERYTHING, { add: true })
    assert.equal(inWords(report.came), 'nothing new')
    const deleted = 'it was deleted here after an earlier import'
    assert.deepEqual(reasons(report.leftOut), [
      `users ${BOB}: ${deleted}`,
      `organizations ${OTHER_ORG}: ${deleted}`,
      `buckets ${OTHER_BUCKET}: ${deleted}`,
      `memberships ${ORG}: ${deleted}`,
      `memberships ${BUCKET}: its user ${BOB} is left out`,
      `tokens ${id('d1')}: ${deleted}`,
      `tokens ${id('d2')}: ${deleted}`,
      `legacyAuthorizations ${id('f1')}: ${deleted}`,
      `legacyPasswords ${id('f1')}: its 1.x authorization ${id('f1')} is left out`,
      `dbrpMappings ${id('f5')}: ${deleted}`,
    ])
    const { events: _old, ...then } = before
    const { events: _new, ...now } = await contents(world)
    assert.deepEqual(now, then)
  })

  test('leaves out names and secrets that others here have, with what refers to them', async () => {
    const world = await setUp()
    const operator = await world.addOperator('ada')
    const made = await world.authorizations.create(operator.caller, {
      ...{ orgID: operator.orgID, permissions: [READ], token: 'x'.repeat(40) },
      permissions: [{ action: 'read', resource: { type: 'buckets', orgID: operator.orgID } }],
    })
    await world.authorizations.rotate(operator.caller, made.details.authorization.id, 60)
    const report = await world.run(
      {
        ...EVERYTHING,
        organizations: [organization(ORG, "ada's"), organization(OTHER_ORG, 'plant')],
        tokens: [
          token('1'),
          token('x'.repeat(40), { userID: BOB, orgID: OTHER_ORG, id: id('d8') }),
          token('22', { userID: BOB, orgID: OTHER_ORG }),
        ],
      },
      { add: true },
    )
    const notes = reasons(report.leftOut)
    assert.ok(notes.includes(`users ${ADA}: another user here has this name; rename one of them`))
    assert.ok(
      notes.includes(`organizations ${ORG}: another organization here has this name; rename one of them`),
    )
    assert.ok(notes.includes(`buckets ${BUCKET}: its organization ${ORG} is left out`))
    assert.ok(notes.includes(`tokens ${id('d1')}: its user ${ADA} is left out`))
    assert.ok(notes.includes(`tokens ${id('d8')}: another token here has the same secret`))
    assert.equal(report.came.tokens, 1)
    assert.equal((await world.asUser(operator.userID)).principal.user.name, 'ada')
  })
})

suite('an imported token', () => {
  test('works in each form of its hash, is rotated with a grace period, and is not chosen a second time', async () => {
    const world = await setUp()
    const secret = 's'.repeat(40)
    const sha512 = token(secret, { id: id('d9'), hashes: [storedTokenHashes(secret)[1]] })
    await world.run({ ...EVERYTHING, tokens: [...EVERYTHING.tokens, sha512] })
    for (let times = 0; times < 2; times++) {
      const { principal } = await world.asToken(secret)
      assert.deepEqual([principal.user.name, principal.authorizationID], ['ada', id('d9')])
    }
    await refused(() => world.principals.ofToken(storedTokenHashes(secret)[1]), 'unauthorized')

    const caller = await world.asUser(ADA)
    const chosen = { orgID: ORG, permissions: [READ], token: secret }
    await refused(() => world.authorizations.create(caller, chosen), 'conflict', /exists already/)
    await world.authorizations.update(caller, id('d9'), { token: secret, description: 'kept' })
    await refused(
      () => world.authorizations.update(caller, id('d9'), { token: 'y'.repeat(40) }),
      'invalid',
      /cannot be replaced by an update/,
    )
    const rotated = await world.authorizations.rotate(caller, id('d9'), 60)
    assert.equal((await world.asToken(rotated.token)).principal.authorizationID, id('d9'))
    const old = (await world.asToken(secret)).principal
    assert.ok(old.endsAt !== undefined, 'the earlier secret ends with its grace period')
    await refused(() => world.authorizations.create(caller, chosen), 'conflict', /exists already/)
    world.clock.forward(61_000)
    await refused(() => world.principals.ofToken(secret), 'unauthorized')
    assert.equal((await world.asToken(rotated.token)).principal.authorizationID, id('d9'))
  })
})

test('deleting a user, an organization and a bucket deletes their imported records', async () => {
  const world = await setUp()
  await world.run({
    ...EVERYTHING,
    legacyAuthorizations: [
      ...EVERYTHING.legacyAuthorizations,
      { ...RIGHTS, id: id('f2'), name: 'v2', permissions: [READ], userID: BOB, orgID: OTHER_ORG },
      { ...RIGHTS, id: id('f3'), name: 'v3', permissions: [READ], userID: ADA, orgID: OTHER_ORG },
    ],
    dbrpMappings: [
      ...EVERYTHING.dbrpMappings,
      {
        ...{ id: id('f6'), orgID: OTHER_ORG, bucketID: OTHER_BUCKET, database: 'x' },
        retentionPolicy: '',
        isDefault: true,
      },
    ],
  })
  const caller = await world.asUser(ADA)
  const left = async () => [
    ...(await world.store.legacyAuthorizations.list({})).map((each) => each.id),
    ...(await world.store.dbrpMappings.list({})).map((each) => each.id),
  ]
  await world.users.remove(caller, BOB)
  assert.deepEqual(await left(), [id('f1'), id('f3'), id('f5'), id('f6')])
  await world.buckets.remove(caller, BUCKET)
  assert.deepEqual(await left(), [id('f1'), id('f3'), id('f6')])
  await world.organizations.remove(caller, OTHER_ORG)
  assert.deepEqual(await left(), [id('f1')])
})
