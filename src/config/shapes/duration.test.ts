import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDuration, parseDuration } from './duration.ts'

test('what is not a duration is undefined', () => {
  for (const text of [
    '',
    ' ',
    'soon',
    '-1s',
    '+1s',
    '1',
    '1.5h',
    '1w',
    '10M',
    '1m1h',
    '1s1s',
    '1h ',
    '1 h',
    'NaN',
  ])
    assert.equal(parseDuration(text), undefined, text)
  assert.equal(parseDuration('99999999999d'), undefined)
  assert.equal(parseDuration('9'.repeat(400), 'minutes'), undefined)
})

test('durations are milliseconds', () => {
  const expected = { '500ms': 500, '90s': 90_000, '10m': 600_000, '1h30m': 5_400_000, '7d': 604_800_000 }
  for (const [text, milliseconds] of Object.entries(expected)) assert.equal(parseDuration(text), milliseconds)
  assert.equal(parseDuration('1d2h3m4s5ms'), 93_784_005)
})

test("Go's own notation is read, as influxd prints it", () => {
  assert.equal(parseDuration('3m0s'), 180_000)
  assert.equal(parseDuration('0s'), 0)
})

test('a bare number counts in the unit of the setting', () => {
  assert.equal(parseDuration('60', 'minutes'), 3_600_000)
  assert.equal(parseDuration('60', 'seconds'), 60_000)
  assert.equal(parseDuration('90s', 'minutes'), 90_000)
  assert.equal(parseDuration('0'), 0)
})

test('the written form is the shortest one', () => {
  assert.equal(formatDuration(600_000), '10m')
  assert.equal(formatDuration(90_000), '1m30s')
  assert.equal(formatDuration(0), '0')
})

test('what is written is read back', () => {
  const milliseconds = fc.oneof(
    fc.maxSafeNat(),
    fc.nat(),
    fc.nat(365).map((days) => days * 86_400_000),
  )
  fc.assert(fc.property(milliseconds, (n) => assert.equal(parseDuration(formatDuration(n)), n)))
})
