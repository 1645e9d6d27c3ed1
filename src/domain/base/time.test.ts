import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { parseTime, requireTime } from './time.ts'

/** Times that do not exist, or that RFC 3339 does not write so. */
const NO_TIMES: readonly string[] = [
  '',
  'now',
  '2030',
  '2030-01-31',
  '2030-01-31T12:00:00',
  '2030-01-31T12:00Z',
  '2030-01-31 12:00:00Z',
  ' 2030-01-31T12:00:00Z',
  '2030-01-31T12:00:00Z\n',
  '2030-01-31T12:00:00.Z',
  '2030-01-31T12:00:00,5Z',
  '2030-1-31T12:00:00Z',
  '1893456000',
  'Thu, 31 Jan 2030 12:00:00 GMT',
  // Days, hours and minutes that do not exist.
  '2030-02-29T00:00:00Z',
  '2030-02-30T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2030-04-31T00:00:00Z',
  '2030-00-10T00:00:00Z',
  '2030-13-01T00:00:00Z',
  '2030-01-00T00:00:00Z',
  '2030-01-32T00:00:00Z',
  '2030-01-31T24:00:00Z',
  '2030-01-31T25:00:00Z',
  '2030-01-31T12:60:00Z',
  '2030-01-31T12:00:60Z',
  '2016-12-31T23:59:60Z',
  // Offsets that do not exist.
  '2030-01-31T12:00:00+24:00',
  '2030-01-31T12:00:00+01:60',
  '2030-01-31T12:00:00+0100',
  '2030-01-31T12:00:00+01',
  '2030-01-31T12:00:00+99:99',
  // Years that RFC 3339 cannot write, also if only UTC makes them so.
  '10000-01-01T00:00:00Z',
  '+012030-01-31T12:00:00Z',
  '-000001-01-31T12:00:00Z',
  '9999-12-31T23:59:59-00:01',
  '9999-12-31T12:00:00-23:59',
  '0000-01-01T00:00:00+00:01',
  // Digits of other scripts.
  '２０３０-01-31T12:00:00Z',
]

suite('a time of RFC 3339', () => {
  test('that exists is read, to the millisecond', () => {
    const times: [text: string, utc: string][] = [
      ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.000Z'],
      ['2030-01-31t12:00:00z', '2030-01-31T12:00:00.000Z'],
      ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
      ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
      ['2030-01-31T23:59:59.5Z', '2030-01-31T23:59:59.500Z'],
      ['2030-01-31T23:59:59.9999999Z', '2030-01-31T23:59:59.999Z'],
      ['2030-01-31T12:00:00-00:00', '2030-01-31T12:00:00.000Z'],
      ['2030-01-31T12:00:00+05:30', '2030-01-31T06:30:00.000Z'],
      ['2030-01-31T12:00:00-23:59', '2030-02-01T11:59:00.000Z'],
      ['0099-01-31T12:00:00Z', '0099-01-31T12:00:00.000Z'],
      ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
      ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
      ['9999-12-31T23:59:59+23:59', '9999-12-31T00:00:59.000Z'],
    ]
    for (const [text, utc] of times) assert.equal(parseTime(text), Date.parse(utc), text)
  })

  test('that does not exist is refused', async () => {
    for (const text of NO_TIMES) {
      assert.equal(parseTime(text), undefined, text)
      const message = 'start must be a time such as 2030-01-31T12:00:00Z (RFC 3339)'
      await refused(() => requireTime('start', text), 'invalid', message)
    }
  })
})
