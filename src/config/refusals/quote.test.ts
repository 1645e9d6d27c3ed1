import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain, quoted, shown } from './quote.ts'

test('nothing that moves the cursor or ends the line gets through', () => {
  assert.equal(quoted('a\nb\u001b[2J\u009b\u2028\u202e'), '"a\\nb\\u001b[2J\\u{9b}\\u{2028}\\u{202e}"')
  assert.equal(plain('--a\nb'), '"--a\\nb"')
})

test('what is endless is cut', () => {
  assert.equal(quoted('x'.repeat(1000)).length, 105)
})

test('plain words stay plain, and what is not text is named', () => {
  assert.equal(plain('--log-level'), '--log-level')
  assert.equal(plain('/etc/my files/x'), '"/etc/my files/x"')
  assert.deepEqual(
    [shown('a'), shown(1), shown(true), shown([]), shown({}), shown(new Date())],
    ['"a"', '1', 'true', 'a list', 'a table', 'a date'],
  )
})
