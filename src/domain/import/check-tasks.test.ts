import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  BUCKET,
  EVERYTHING,
  id,
  ORG,
  OTHER_BUCKET,
  reasons,
  setUpImport,
} from '../../../test/support/foreign-records.ts'

test('tasks that name a bucket beyond the rights of their owner are remarks, in a dry run too', async () => {
  const { run } = await setUpImport()
  const task = { type: 'task', orgID: ORG, ownerID: BOB, status: 'active' } as const
  const tasks = [
    { ...task, id: id('91'), name: 'own', flux: `from(bucketID: "${BUCKET}")` },
    { ...task, id: id('92'), name: 'foreign', flux: `from(bucketID: "${OTHER_BUCKET}")` },
    { ...task, id: id('93'), name: 'computed', flux: 'from(bucketID: "1" + "2")' },
  ]
  for (const dryRun of [true, false]) {
    const { remarks } = await run({ ...EVERYTHING, tasks }, { dryRun })
    assert.deepEqual(reasons(remarks), [
      `tasks ${id('92')}: it names the bucket ${OTHER_BUCKET} by its id, which its owner ${BOB} may not read`,
      `tasks ${id('93')}: bucketID must be followed by the id itself, as in bucketID: "0123456789abcdef"`,
    ])
  }
})
