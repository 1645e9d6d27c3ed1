import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabasesInChange } from './databases-in-change.ts'

test('a database is in change from its beginning until after the moment of its end', () => {
  const inChange = createDatabasesInChange()
  const before = inChange.now()
  assert.equal(inChange.isChangedSince(before, 'a'), false)
  const [one, two] = [inChange.begin(['a', 'b']), inChange.begin(['a'])]
  one()
  one()
  assert.equal(inChange.isChangedSince(inChange.now(), 'a'), true, 'the other one goes on')
  assert.equal(inChange.isChangedSince(inChange.now(), 'b'), false)
  assert.equal(inChange.isChangedSince(before, 'b'), true, 'it ended since')
  two()
  assert.equal(inChange.isChangedSince(before, 'a'), true)
  assert.equal(inChange.isChangedSince(inChange.now(), 'a'), false)
  assert.equal(inChange.isChangedSince(before, 'c'), false)
})
