import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  ADA,
  AT,
  BCRYPT,
  BOB,
  BUCKET,
  bucket,
  contents,
  EVERYTHING,
  foreign,
  GONE,
  id,
  ORG,
  OTHER_BUCKET,
  OTHER_ORG,
  organization,
  owner,
  READ,
  RIGHTS,
  reasons,
  setUpImport,
  token,
  user,
} from '../../../test/support/foreign-records.ts'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { storedTokenHashes } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import { inWords } from './import-report.ts'
import { createImporter } from './importer.ts'

suite('an import into an empty store', () => {
  test('takes over every record with its id', async () => {
    const world = await setUpImport()
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
    const world = await setUpImport()
    const report = await world.run(EVERYTHING)
    const [event, ...others] = await world.audited()
    assert.deepEqual(others, [])
    assert.deepEqual(event?.target.name, inWords(report.came))
    assert.deepEqual(
      [event?.event, event?.actor.userID, event?.userAgent],
      ['import', undefined, 'sluice import'],
    )
  })

  test('is refused where there is data, and changes nothing', async () => {
    const world = await setUpImport()
    await world.addOperator()
    const before = await contents(world)
    await refused(() => world.run(EVERYTHING), 'unprocessable entity', /already; with --add the import adds/)
    assert.deepEqual(await contents(world), before)
  })

  test('leaves out what refers to missing records, and what has unknown types, and says why', async () => {
    const world = await setUpImport()
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
    const world = await setUpImport()
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
    const world = await setUpImport(100)
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

suite('a dry run', () => {
  test('reports what the import then does, and keeps nothing', async () => {
    const world = await setUpImport()
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
    for (let at = 1; ; at++) {
      const world = await createWorld()
      const before = await contents(world)
      let calls = 0
      const changes: Changes = (work) =>
        world.changes((change) =>
          work(
            watched(change, () => {
              if (++calls === at) throw new Error('out of the blue')
            }),
          ),
        )
      const importer = createImporter({ changes, longestName: undefined, origin: ORIGIN })
      const running = importer.run(EVERYTHING, { add: false, dryRun: false })
      const failed = await running.then(
        () => undefined,
        (error: Error) => error.message,
      )
      if (calls < at) {
        assert.equal(failed, undefined)
        assert.ok(at > 15, `${at} calls for ${EVERYTHING.users.length} users and what they have`)
        return
      }
      assert.equal(failed, 'out of the blue')
      assert.deepEqual(await contents(world), before)
      assert.deepEqual(await world.store.importedRecords.among([`users/${ADA}`]), new Set())
    }
  })
})

suite('an imported token', () => {
  test('works in each form of its hash, is rotated with a grace period, and is not chosen a second time', async () => {
    const world = await setUpImport()
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
  const world = await setUpImport()
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

/** The same, with a function that is called before each of its methods and those of its stores. */
function watched<T extends object>(of: T, before: () => void): T {
  return new Proxy(of, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value === 'function') {
        return (...given: unknown[]) => {
          before()
          return value.apply(target, given)
        }
      }
      return typeof value === 'object' && value !== null ? watched(value, before) : value
    },
  })
}
