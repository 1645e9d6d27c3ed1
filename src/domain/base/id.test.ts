import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { refused } from '../../../test/support/refused.ts'
import { createIDGenerator, type ID, idProblem, parseID } from './id.ts'

const WRONG_LENGTH = 'id must have a length of 16 bytes'

suite('reading an id', () => {
  test('what is not 16 bytes has a wrong length, counted in bytes', async () => {
    for (const text of ['', '1', '00000000000000001', 'é'.repeat(16), '🙂'.repeat(16)]) {
      assert.equal(idProblem(text), WRONG_LENGTH, text)
      await refused(() => parseID(text), 'invalid', WRONG_LENGTH)
    }
  })

  test('zero is no id, nor are 16 bytes of anything but hexadecimal digits', async () => {
    const bad = ['0'.repeat(16), '000000000000000g', ' 00000000000000f', '0x00000000000001', 'é'.repeat(8)]
    for (const text of [...bad, '+000000000000001', '000000000000001\n']) {
      assert.equal(idProblem(text), 'invalid ID', text)
      await refused(() => parseID(text), 'invalid', 'invalid ID')
    }
  })

  test('every number of 64 bits but zero is one, in either case', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 64n - 1n), fc.boolean(), (value, upper) => {
        const text = value.toString(16).padStart(16, '0')
        assert.equal(parseID(upper ? text.toUpperCase() : text), text)
      }),
    )
  })

  test('of any text: either it is refused or it is a number of 64 bits, never both', () => {
    const texts = fc.oneof(
      fc.uint16Array().map((units) => String.fromCharCode(...units)),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFg- '), minLength: 14, maxLength: 18 }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const isID = /^[0-9a-fA-F]{16}$/.test(text) && BigInt(`0x${text}`) !== 0n
        assert.equal(idProblem(text) === undefined, isID)
      }),
    )
  })
})

/** As InfluxDB makes them in 2026: milliseconds since April 2017. */
const FROM_INFLUXDB = '11b1a35e342ad000'
/** Of organizations and buckets, which are random: the higher, the less room there is. */
const FOUND: readonly [id: string, days: number][] = [
  [FROM_INFLUXDB, 2000],
  ['e82b6801e0f12195', 2000],
  ['fe9b260c5dcbe537', 300],
  ['fffe260c5dcbe537', 300],
  ['ffffff0c5dcbe537', 300],
]
/** The highest after which one millisecond's ids are left. */
const LAST_ROOM = 2n ** 64n - 2n ** 22n - 1n
const hex = (value: bigint) => value.toString(16).padStart(16, '0') as ID

suite('making ids', () => {
  /** Readings of a clock that jumps both ways, by years at times. */
  const clocks = fc.array(
    fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: -6e10, max: 6e10 }),
    ),
    { minLength: 1, maxLength: 200 },
  )
  const nodes = fc.nat({ max: 2 ** 20 })

  test('they ascend whatever the clock does, and stay well-formed', () => {
    fc.assert(
      fc.property(clocks, nodes, (jumps, node) => {
        let at = Date.UTC(2026, 0, 1)
        const ids = createIDGenerator({ now: () => at, node })
        let last = ''
        for (const jump of jumps) {
          at += jump
          const id = ids.next()
          assert.equal(parseID(id), id)
          assert.ok(id > last, `${id} after ${last}`)
          last = id
        }
      }),
    )
  })

  test('they ascend when there are more in a millisecond than it has numbers', () => {
    const ids = createIDGenerator({ now: () => Date.UTC(2026, 0, 1), node: 1023 })
    const made = Array.from({ length: 10_000 }, () => ids.next())
    assert.deepEqual(made, [...new Set(made)].sort())
  })

  test('they go on above the newest of an earlier run, also from a clock that is behind', () => {
    const earlier = fc.oneof(
      fc.bigInt(1n, 2n ** 64n - 2n ** 23n),
      fc.bigInt(2n ** 64n - 2n ** 40n, LAST_ROOM),
    )
    fc.assert(
      fc.property(earlier, fc.integer({ min: 0, max: 2e12 }), nodes, (newest, at, node) => {
        const after = hex(newest)
        const ids = createIDGenerator({ now: () => at, node, after })
        const [one, two] = [ids.next(), ids.next()]
        assert.ok(one > after && two > one && parseID(two) === two, `${one} ${two} after ${after}`)
      }),
    )
  })

  for (const [found, days] of FOUND) {
    test(`they go on above ${found} of InfluxDB, in the order of time on whichever node`, () => {
      requireOrderOfTime(found, days)
    })
  }

  function requireOrderOfTime(found: string, days: number): void {
    let at = Date.UTC(2026, 10, 1)
    const generator = (node: number, after: string) =>
      createIDGenerator({ now: () => at, node, after: after as ID })
    const first = generator(1, found)
    let newest = found
    let another = generator(2, newest)
    for (let day = 0; day < days; day++) {
      const from = day % 2 ? first : another
      const made = Array.from({ length: 10 }, () => from.next())
      assert.deepEqual(made.toSorted(), made)
      assert.ok((made[0] ?? '') > newest, `${made[0]} after ${newest} on day ${day}`)
      newest = made.at(-1) ?? ''
      at += 86_400_000
      // A restart an hour after the clock was set back by that.
      if (day % 10 === 0)
        another = createIDGenerator({ now: () => at - 3_600_000, node: 2, after: newest as ID })
    }
  }

  test('they are used up to the last one, and then it says which id is in the way', () => {
    for (const [after, left] of [
      [hex(LAST_ROOM), 4096],
      ['ffffffffffc00000', 0],
      ['ffffffffffffffff', 0],
    ] as const) {
      const ids = createIDGenerator({ now: () => Date.UTC(2026, 0, 1), node: 3, after: after as ID })
      const made = Array.from({ length: left }, () => ids.next())
      assert.deepEqual([after, ...made].toSorted(), [after, ...made])
      assert.throws(() => ids.next(), new RegExp(`no id is left above ${after}`))
    }
  })

  test('two servers that start in the same millisecond make different ones', () => {
    const now = () => Date.UTC(2026, 0, 1)
    const [one, other] = [createIDGenerator({ now, node: 1 }), createIDGenerator({ now, node: 2 })]
    const made = Array.from({ length: 1000 }, () => [one.next(), other.next()]).flat()
    assert.equal(new Set(made).size, 2000)
  })
})
