import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../test-refused.ts'
import { createPasswordPolicy } from './password-policy.ts'

const LENGTH = 'passwords must be between 8 and 72 characters long'
const STRENGTH =
  'passwords must contain at least three of the following character types: uppercase, lowercase, numbers, and special characters: !@#$%^&*()_+'

suite('what a password must be', () => {
  test('8 to 72 bytes, not characters', async () => {
    const policy = createPasswordPolicy({ strong: false })
    for (const password of ['', 'x'.repeat(7), 'x'.repeat(73), 'é'.repeat(37)]) {
      await refused(() => policy.check(password), 'invalid', LENGTH)
    }
    for (const password of ['x'.repeat(8), 'x'.repeat(72), 'éééé', 'é'.repeat(36), ' '.repeat(8)]) {
      policy.check(password)
    }
  })

  test('with strong passwords three of four kinds of characters', async () => {
    const policy = createPasswordPolicy({ strong: true })
    await refused(() => policy.check('Aa1!'), 'invalid', LENGTH)
    // A hyphen or a letter outside ASCII is of none of the kinds, as in InfluxDB.
    for (const password of ['aaaaaaaa', 'aaaaaaa1', 'AAAAAAA!', '1111111!', 'Aaaaaaa-', 'aaaaaa1É']) {
      await refused(() => policy.check(password), 'invalid', STRENGTH)
      assert.ok(!policy.accepts(password))
    }
    for (const password of ['Aaaaaaa1', 'aaaaaa1!', 'AAAAAA1!', 'Aaaaaaa!', 'Aaaaaa1!']) {
      policy.check(password)
      assert.ok(policy.accepts(password))
    }
    for (const special of '!@#$%^&*()_+') policy.check(`aaaaaaa1${special}`)
  })

  test('one that is in use goes on being used, unless it is weak where it must be strong', () => {
    assert.ok(createPasswordPolicy({ strong: false }).accepts('short'))
    assert.ok(!createPasswordPolicy({ strong: true }).accepts('short'))
  })
})
