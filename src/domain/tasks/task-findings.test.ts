import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  BUCKET,
  bucket,
  foreign,
  GONE,
  id,
  ORG,
  OTHER_BUCKET,
  OTHER_ORG,
  organization,
  owner,
  setUpImport,
  user,
} from '../../../test/support/foreign-records.ts'
import type { ID } from '../base/id.ts'
import { INSTANCE_ID } from '../records/membership.ts'
import type { StoredTask } from '../records/stored-task.ts'
import { createTaskCheck } from './task-findings.ts'

const [OWNER, MEMBER, OF_BUCKET, OPERATOR] = [id('a1'), id('a2'), id('a3'), id('a4')]

/** An owner and a member of the first of two organizations, and the owner of a bucket of the second. */
async function setUp() {
  const world = await setUpImport()
  await world.run(
    foreign({
      users: [
        user(OWNER, 'owner'),
        user(MEMBER, 'member'),
        user(OF_BUCKET, 'of bucket'),
        user(OPERATOR, 'operator'),
      ],
      organizations: [organization(ORG, 'works'), organization(OTHER_ORG, 'plant')],
      buckets: [bucket(BUCKET, 'points'), bucket(OTHER_BUCKET, 'points', OTHER_ORG)],
      memberships: [
        owner(OWNER, ORG),
        owner(MEMBER, ORG, 'orgs', 'member'),
        owner(OF_BUCKET, OTHER_BUCKET, 'buckets'),
        owner(OPERATOR, INSTANCE_ID, 'instance'),
      ],
    }),
  )
  const check = createTaskCheck(world.store)
  return async (flux: string | undefined, ownerID: ID | undefined = OWNER) => {
    const task: StoredTask = {
      ...{ id: id('d1'), type: 'task', orgID: ORG, ownerID, name: 'copy', status: 'active', flux },
    }
    return (await check.of(task)).map(({ problem, bucketID = '' }) => `${problem} ${bucketID}`).sort()
  }
}

const from = (bucketID: string) => `from(bucketID: "${bucketID}") |> range(start: -1h)`
const copy = (one: string, other: string) => `${from(one)} |> to(bucketID: "${other}", orgID: "${ORG}")`

suite('a stored task', () => {
  test('may name buckets by name, and by id as far as the memberships of its owner reach', async () => {
    const found = await setUp()
    assert.deepEqual(await found('from(bucket: "any") |> range(start: -1h)'), [])
    assert.deepEqual(await found(copy(BUCKET, BUCKET)), [])
    assert.deepEqual(await found(from(BUCKET.toUpperCase())), [])
    assert.deepEqual(await found(from(OTHER_BUCKET)), [`bucket-not-allowed ${OTHER_BUCKET}`])
    assert.deepEqual(await found(copy(BUCKET, OTHER_BUCKET)), [`bucket-not-allowed ${OTHER_BUCKET}`])
    assert.deepEqual(await found(copy(OTHER_BUCKET, OTHER_BUCKET), OF_BUCKET), [])
  })

  test('of a member may read and not write', async () => {
    const found = await setUp()
    assert.deepEqual(await found(from(BUCKET), MEMBER), [])
    assert.deepEqual(await found(copy(BUCKET, BUCKET), MEMBER), [`bucket-not-allowed ${BUCKET}`])
  })

  test('of nobody, or of a user who is gone, may use no bucket by id', async () => {
    const found = await setUp()
    assert.deepEqual(await found(from(BUCKET), GONE), [`bucket-not-allowed ${BUCKET}`])
  })

  test('that names a bucket which is not here is found as well', async () => {
    const found = await setUp()
    assert.deepEqual(await found(from(GONE)), [`unknown-bucket ${GONE}`])
    assert.deepEqual(await found(copy(GONE, OTHER_BUCKET)), [
      `bucket-not-allowed ${OTHER_BUCKET}`,
      `unknown-bucket ${GONE}`,
    ])
  })

  test('that cannot be judged is found', async () => {
    const found = await setUp()
    for (const flux of [
      `id = "${BUCKET}" from(bucketID: id)`,
      `from(bucketID: "${BUCKET}"`,
      `from(bucketID: "${BUCKET}")\0`,
      undefined,
    ]) {
      assert.deepEqual(await found(flux), ['not-inspectable '], flux ?? '')
      // Who may use every bucket goes nowhere beyond that.
      assert.deepEqual(await found(flux, OPERATOR), [], flux ?? '')
    }
  })
})
