import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld, ORIGIN } from '../test-world.ts'

test('a change that throws leaves neither data nor a line in the log', async () => {
  const { changes, store, ids, lines } = await createWorld()
  const id = ids.next()
  const failing = changes(async (change) => {
    await change.users.add({ id, name: 'ada', status: 'active' })
    change.records({ event: 'user.create', target: id })
    throw new Error('second thoughts')
  })
  await assert.rejects(failing, /second thoughts/)
  assert.equal(await store.users.byId(id), undefined)
  assert.deepEqual(lines, [])
})

test('one that is kept says what was done to what, by whom and from where', async () => {
  const { users, addOperator, lines } = await createWorld()
  const { caller, userID } = await addOperator()
  lines.length = 0
  const { id } = await users.create(caller, { name: 'ada' })
  assert.deepEqual(lines, [
    {
      level: 'info',
      message: 'user.create',
      fields: {
        target: id,
        userID,
        address: ORIGIN.address,
        requestID: ORIGIN.requestID,
        traceID: undefined,
      },
    },
  ])
})
