import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { commonPasswords } from './common-passwords.ts'

suite('common passwords', () => {
  test('has what is tried first', () => {
    const first = [
      ...['password', '12345678', '123456789', '1234567890', 'qwerty123', 'qwertyuiop', 'iloveyou'],
      ...['1q2w3e4r', '1qaz2wsx', 'password1', 'password123', 'p@ssw0rd', 'sunshine', 'football', 'trustno1'],
    ]
    // zxcvbn's list has none of these; they are among the 100 commonest all the same.
    const repeatsAndRuns = [
      '00000000',
      '87654321',
      '88888888',
      '123123123',
      '987654321',
      'aaaaaaaa',
      '12341234',
    ]
    const common = commonPasswords()
    assert.deepEqual(
      [...first, ...repeatsAndRuns].filter((each) => !common.has(each)),
      [],
    )
  })

  test('has more than the 3,000 of ASVS that are long enough, in lower case, and no rare ones', () => {
    const common = commonPasswords()
    assert.ok(common.size > 3_500 && common.size < 4_000, `${common.size}`)
    for (const each of common) assert.ok(each.length >= 8 && each === each.toLowerCase(), each)
    for (const rare of ['correct horse battery staple', '', 'letmein123']) assert.ok(!common.has(rare), rare)
  })

  test('is loaded once', () => {
    assert.equal(commonPasswords(), commonPasswords())
  })
})
