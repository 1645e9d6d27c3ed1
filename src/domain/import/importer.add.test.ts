import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  ADA,
  BCRYPT,
  BOB,
  BUCKET,
  bucket,
  contents,
  EVERYTHING,
  id,
  ORG,
  OTHER_BUCKET,
  OTHER_ORG,
  organization,
  owner,
  READ,
  reasons,
  setUpImport,
  token,
  user,
} from '../../../test/support/foreign-records.ts'
import type { ID } from '../base/id.ts'
import { inWords } from './import-report.ts'

suite('an import with --add', () => {
  test('brings what is new, and never changes or deletes', async () => {
    const world = await setUpImport()
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
    const world = await setUpImport()
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
    const world = await setUpImport()
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
