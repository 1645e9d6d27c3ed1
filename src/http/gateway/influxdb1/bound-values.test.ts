import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundValues } from './bound-values.ts'

test('values of params keep every digit, and are plain and short', () => {
  assert.equal(boundValues(undefined), undefined)
  assert.equal(
    boundValues('{"a": 9007199254740993, "b":"x","c":true}'),
    '{"a":9007199254740993,"b":"x","c":true}',
  )
  for (const wrong of [
    '{',
    '[]',
    'null',
    '{"a":{"identifier":"b"}}',
    '{"a":[1]}',
    '{"a":null}',
    '{"a b":1}',
  ]) {
    assert.throws(() => boundValues(wrong), { code: 'invalid' }, wrong)
  }
  const deep = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`
  const begun = performance.now()
  assert.throws(() => boundValues(deep), { code: 'invalid' })
  assert.ok(performance.now() - begun < 100)
})
