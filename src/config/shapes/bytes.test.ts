import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatBytes, parseBytes } from './bytes.ts'

test('what is not a size is undefined', () => {
  for (const text of [
    '',
    'big',
    '-1',
    '1.5MiB',
    '1MB',
    '1kb',
    '1 MiB',
    '1mib',
    '0x10',
    `${2 ** 53}`,
    '9999999GiB',
  ])
    assert.equal(parseBytes(text), undefined, text)
})

test('sizes are bytes', () => {
  assert.equal(parseBytes('1048576'), 1_048_576)
  assert.equal(parseBytes('64KiB'), 65_536)
  assert.equal(parseBytes('1MiB'), 1_048_576)
  assert.equal(parseBytes('2GiB'), 2_147_483_648)
})

test('the written form has the largest unit that is exact', () => {
  assert.equal(formatBytes(65_536), '64KiB')
  assert.equal(formatBytes(1_048_577), '1048577')
  assert.equal(formatBytes(0), '0')
})

test('what is written is read back', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (n) => assert.equal(parseBytes(formatBytes(n)), n)))
})
