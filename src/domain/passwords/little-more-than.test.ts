import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { isLittleMoreThan } from './little-more-than.ts'

/** The same question as one regular expression, which only a name of a few characters may become. */
function byRegularExpression(name: string, password: string): boolean {
  const wanted = name.trim().normalize()
  if (wanted === '') return false
  const around = `[${/\p{L}/u.test(wanted) ? '\\p{Nd}' : ''}\\p{P}\\p{Sc}\\p{Sk}\\p{Sm}\\s]*`
  return new RegExp(`^${around}${RegExp.escape(wanted)}${around}$`, 'iu').test(password.normalize())
}

/** Characters that have cases, compose, are found around a name, or are half a character. */
const character = fc.oneof(
  fc.constantFrom(...'aAbB12.*$~ \n\\'),
  fc.constantFrom(
    ...'ſsSKkıiIİßẞΐΐΣσςŉ٣é',
    'e\u0301',
    '\u0301',
    '\u0323',
    '😀',
    '\ud83d',
    '\ude00',
    '𐐀',
    '𐐨',
  ),
  fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
)
const text = (maxLength: number) => fc.array(character, { maxLength }).map((each) => each.join(''))

suite('a password that is little more than a name', () => {
  test('is found as by a regular expression', () => {
    fc.assert(
      fc.property(text(6), text(4), text(4), text(12), (name, before, after, other) => {
        const made = [name, name.toUpperCase(), name.toLowerCase(), name.normalize('NFD')]
        for (const password of [...made.map((each) => before + each + after), other]) {
          const expected = byRegularExpression(name, password)
          assert.equal(isLittleMoreThan(name, password), expected, JSON.stringify([name, password]))
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('every character is found in each of its cases, and by no other', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const one = String.fromCodePoint(code)
      const others = new Set([one.toLowerCase(), one.toUpperCase()])
      others.delete(one)
      for (const other of others) {
        const expected = byRegularExpression(one, other)
        assert.equal(isLittleMoreThan(one, other), expected, JSON.stringify([one, other]))
      }
    }
  })

  test('a name that normalizing makes four times shorter is found', () => {
    const name = '\u1f82'.repeat(9).normalize('NFD')
    assert.ok(isLittleMoreThan(name, `${'\u1f82'.repeat(9)}123`))
  })

  test('the time does not grow with the name', () => {
    const password = 'correct horse 1'
    const names = [
      'x'.repeat(1_000_000),
      password.repeat(60_000),
      ' '.repeat(1_000_000),
      `a${'\u0301\u0323'.repeat(500_000)}`,
      '('.repeat(1_000_000),
    ]
    const started = performance.now()
    for (const name of names) assert.equal(isLittleMoreThan(name, password), false)
    const taken = performance.now() - started
    assert.ok(taken < 200, `${taken} ms`)
  })
})
