import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDetails, writeDetails } from './session-details.ts'

test('what is written of a session is read again', () => {
  const details = { method: 'password', level: 'two-factors', authenticatedAt: 5 } as const
  assert.deepEqual(readDetails(writeDetails(details), 9), details)
})

test('a session of a version that wrote nothing began with a password', () => {
  assert.deepEqual(readDetails('', 9), { method: 'password', level: 'one-factor', authenticatedAt: 9 })
})
