import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { boltFile, influxdFile, influxdID, manyTokens, secretOf } from '../../../test/support/bolt-writer.ts'
import { storedTokenHashes } from '../../domain/base/secrets.ts'
import { readMetadata } from './metadata.ts'
import { MetadataError } from './metadata-row.ts'

const sample = (name: string) => readFileSync(new URL(`../../../test/import/bolt/${name}`, import.meta.url))

const AT = '2026-01-02T03:04:05.678901234Z'
const TOKEN = {
  ...{ id: influxdID(1), status: 'active', description: '', orgID: influxdID(2), userID: influxdID(3) },
  ...{ permissions: [], createdAt: AT, updatedAt: AT },
}

suite('the metadata of InfluxDB', () => {
  for (const name of ['hashed', 'plain']) {
    test(`has every record of ${name}.bolt`, () => {
      const metadata = readMetadata(sample(`${name}.bolt`))
      const expected = JSON.parse(sample(`${name}.expected.json`).toString())
      type Expected = Record<string, { id: string; status: string; password: string | null; orgID: string }>
      assert.deepEqual(
        metadata.users.map(({ name, ...user }) => [name, user]).toSorted(),
        Object.entries(expected.users as Expected)
          .map(([name, { id, status }]) => [name, { id, status }])
          .toSorted(),
      )
      const withPassword = Object.values(expected.users as Expected).filter(({ password }) => password)
      assert.deepEqual([...metadata.passwords.keys()].toSorted(), withPassword.map(({ id }) => id).toSorted())
      assert.deepEqual(
        metadata.organizations.map(({ id, name, description }) => [name, { id, description }]).toSorted(),
        Object.entries(expected.orgs).toSorted(),
      )
      const buckets = Object.entries(expected.buckets as Expected)
      for (const [name, { id, orgID, ...rest }] of buckets) {
        const found = metadata.buckets.find((bucket) => bucket.id === id)
        assert.deepEqual([found?.name, found?.orgID, found?.type], [name, orgID, 'user'])
        const [rule] = (rest as { retentionRules?: Record<string, number>[] }).retentionRules ?? []
        if (rule) {
          const { everySeconds, shardGroupDurationSeconds } = rule
          assert.deepEqual(
            [found?.retentionSeconds, found?.shardGroupSeconds],
            [everySeconds, shardGroupDurationSeconds],
          )
        }
      }
      const system = metadata.buckets.filter(({ type }) => type === 'system').map(({ name }) => name)
      assert.deepEqual(system.toSorted(), ['_monitoring', '_monitoring', '_tasks', '_tasks'])
      for (const token of expected.tokens) {
        const found = metadata.tokens.find(({ id }) => id === token.id)
        const { description, orgID, userID, status, permissions } = found ?? assert.fail(token.id)
        assert.deepEqual(
          { description, orgID, userID, status, permissions },
          {
            ...{ description: token.description, orgID: token.orgID, userID: token.userID },
            ...{ status: token.status, permissions: token.permissions },
          },
        )
        assert.equal(found?.hashes[0], storedTokenHashes(token.plain)[0])
      }
      assert.equal(metadata.tokens.length, expected.tokens.length)
      for (const mapping of expected.dbrps) {
        const found = metadata.dbrpMappings.find(({ id }) => id === mapping.id)
        assert.deepEqual(
          [found?.database, found?.retentionPolicy, found?.bucketID, found?.isDefault],
          [mapping.database, mapping.retention_policy, mapping.bucketID, mapping.default],
        )
      }
      for (const each of expected.memberships)
        assert.ok(metadata.memberships.some((found) => equals(found, each)))
      const instance = metadata.memberships.find(({ resourceType }) => resourceType === 'instance')
      assert.deepEqual([instance?.userID, instance?.role], [expected.users.root.id, 'owner'])
      for (const each of expected.v1auths) {
        const found = metadata.legacyAuthorizations.find(({ id }) => id === each.id)
        assert.deepEqual(
          [found?.name, found?.status, found?.permissions],
          [each.username, each.status, each.permissions],
        )
        assert.equal(metadata.legacyPasswords.has(each.id), each.password !== null)
      }
    })
  }

  test('has tokens in plain text and as each hash side by side, and no plain text', () => {
    const { tokens } = readMetadata(influxdFile(manyTokens(999)))
    assert.equal(tokens.length, 999)
    for (const [number, token] of tokens.entries()) {
      const forms = storedTokenHashes(`token-${number}`)
      assert.deepEqual(token.hashes, [forms, [forms[0]], [forms[1]]][number % 3])
    }
    assert.ok(!JSON.stringify(tokens).includes('"token-'))
  })

  test('takes the default of a database from its index, not from the row', () => {
    const mapping = (number: number, isDefault: boolean) => ({
      ...{ id: influxdID(number), database: 'db', retention_policy: `${number}`, default: isDefault },
      ...{ virtual: false, orgID: influxdID(8), bucketID: influxdID(9) },
    })
    const { dbrpMappings } = readMetadata(
      influxdFile({
        mappings: [mapping(1, true), mapping(2, false)],
        defaults: { [`${influxdID(8)}db`]: influxdID(2) },
      }),
    )
    assert.deepEqual(
      dbrpMappings.map(({ isDefault }) => isDefault),
      [false, true],
    )
  })

  test('has tasks with their Flux, those of checks and rules among them, whatever an early version left out', () => {
    const task = { id: influxdID(1), orgID: influxdID(8), ownerID: influxdID(9), name: 't', flux: 'x' }
    const { tasks } = readMetadata(
      influxdFile({
        tasks: [
          { ...task, type: 'system', status: 'inactive' },
          { ...task, type: 'deadman', status: 'active', id: influxdID(2) },
          { ...task, type: 'slack', id: influxdID(3) },
          { id: influxdID(4), orgID: influxdID(8), ownerID: '' },
        ],
      }),
    )
    assert.deepEqual(
      tasks.map(({ type, status, ownerID }) => [type, status, ownerID]),
      [
        ['task', 'inactive', influxdID(9)],
        ['check', 'active', influxdID(9)],
        ['notificationRule', 'active', influxdID(9)],
        ['task', 'active', undefined],
      ],
    )
    assert.deepEqual([tasks[0]?.name, tasks[0]?.flux, tasks[3]?.flux], ['t', 'x', ''])
  })

  test('keeps times to the nanosecond, turns others into UTC, and has the zero time for none', () => {
    const tokens = [AT, '2026-01-02T03:04:05+02:00', undefined].map((createdAt, n) => ({
      ...TOKEN,
      ...{ id: influxdID(n + 1), createdAt, ...secretOf('x', 'plain') },
    }))
    assert.deepEqual(
      readMetadata(influxdFile({ tokens })).tokens.map(({ createdAt }) => createdAt),
      [AT, '2026-01-02T01:04:05.000Z', '0001-01-01T00:00:00Z'],
    )
  })
})

function equals(found: object, { userType, ...rest }: { userType: string }): boolean {
  const wanted = Object.entries({ ...rest, role: userType })
  return wanted.every(([field, value]) => (found as Record<string, unknown>)[field] === value)
}

function refusal(file: Buffer): string {
  try {
    readMetadata(file)
  } catch (error) {
    assert.ok(error instanceof MetadataError, String(error))
    return error.message
  }
  return assert.fail('was read')
}

suite('what is refused', () => {
  test('is what no InfluxDB wrote', () => {
    assert.match(refusal(Buffer.from('not a file')), /^the bolt file is damaged: this is no bolt file/)
    const other = 'this bolt file is not that of InfluxDB 2.x: it has no bucket usersv1'
    assert.equal(refusal(sample('branches.bolt')), other)
    assert.equal(refusal(boltFile({ organizationsv1: [] })), other)
  })

  test('is a damaged record, without a word of its secrets', () => {
    const bad: [row: object, field: string][] = [
      [{ token: 'hunter2', id: influxdID(9) }, 'id'],
      [{ token: 'hunter2', id: undefined }, 'id'],
      [{ token: 'hunter2', userID: 'zz' }, 'userID'],
      [{ token: 'hunter2', orgID: undefined }, 'orgID'],
      [{ token: 'hunter2', status: 'actiue' }, 'status'],
      [{ token: 'hunter2', status: undefined }, 'status'],
      [{ token: 17 }, 'token'],
      [{ token: 'hunter2', permissions: undefined }, 'permissions'],
      [{ token: 'hunter2', permissions: {} }, 'permissions'],
      [{ token: 'hunter2', createdAt: 'yesterday' }, 'createdAt'],
    ]
    for (const [fields, field] of bad) {
      const row = JSON.stringify({ ...TOKEN, ...fields })
      const file = withTokens([[TOKEN.id, row]])
      assert.equal(refusal(file), `the record ${TOKEN.id} of authorizationsv1 has no valid ${field}`, row)
    }
    assert.equal(refusal(withTokens([['hunter2', '{}']])), 'a record of authorizationsv1 has no valid id')
    const permission = { action: 'read', resource: { type: 'buckets', id: 'x' } }
    const nested = withTokens([[TOKEN.id, JSON.stringify({ ...TOKEN, permissions: [permission] })]])
    assert.match(
      refusal(nested),
      /^resource of an entry of permissions of the record \w+ .+ has no valid id$/,
    )
    for (const text of ['{"token":"hunter2"', '[]', '7', 'null', '']) {
      const message = refusal(withTokens([[TOKEN.id, text]]))
      assert.match(
        message,
        new RegExp(`^the record ${TOKEN.id} of authorizationsv1 is (not JSON|no JSON object)$`),
      )
    }
    const invalid = Buffer.concat([Buffer.from('{"token":"'), Buffer.from([0xff]), Buffer.from('"}')])
    assert.equal(refusal(withTokens([[TOKEN.id, invalid]])), 'a record of authorizationsv1 is not UTF-8')
  })

  test('are damaged files: each is read as a whole or refused, and never hangs', () => {
    const original = sample('plain.bolt')
    const secrets = JSON.parse(sample('plain.expected.json').toString()).tokens.map(
      ({ plain }: { plain: string }) => plain,
    )
    const whole = readMetadata(original)
    let refused = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.option(fc.nat(original.length), { freq: 5 }),
        (changes, atHeads, cutAt) => {
          const file = Buffer.from(original)
          for (const [at, byte] of changes) {
            file.writeUInt8(byte, atHeads ? Math.floor(at / 4096) * 4096 + (at % 200) : at)
          }
          try {
            const read = readMetadata(cutAt === null ? file : file.subarray(0, cutAt))
            assert.deepEqual(Object.keys(read), Object.keys(whole))
          } catch (error) {
            assert.ok(error instanceof MetadataError, String(error))
            assert.ok(!secrets.some((secret: string) => error.message.includes(secret)))
            refused += 1
          }
        },
      ),
      { numRuns: 400 },
    )
    assert.ok(refused > 100, `only ${refused} files were refused`)
  })
})

function withTokens(entries: [string, string | Buffer][]): Buffer {
  return boltFile({
    ...{ usersv1: [], organizationsv1: [], bucketsv1: [], userresourcemappingsv1: [] },
    authorizationsv1: entries,
  })
}
