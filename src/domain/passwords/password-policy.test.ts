import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { refused } from '../../../test/support/refused.ts'
import { createPasswordPolicy, type PasswordContext, type PasswordRule } from './password-policy.ts'

const LENGTH = 'passwords must be between 8 and 72 characters long'
const STRENGTH =
  'passwords must contain at least three of the following character types: uppercase, lowercase, numbers, and special characters: !@#$%^&*()_+'
const COMMON = 'this is one of the most common passwords; choose one that others do not use'
const nameOf = (owner: string) =>
  `this is little more than the name of ${owner}; choose one that is not made from a name`

const RULES: readonly PasswordRule[] = ['none', 'common', 'strong']
const create = (policy: PasswordRule, common: readonly string[] = []) =>
  createPasswordPolicy({ policy, commonPasswords: () => new Set(common) })
const checking = (policy: PasswordRule, password: string, context: PasswordContext = {}) =>
  create(policy, ['password', 'qwerty123']).check(password, context)

suite('how long a password must be', () => {
  test('8 to 72 bytes, not characters, with every policy', async () => {
    for (const rule of RULES) {
      for (const password of ['', 'Aa1!567', `Aa1!${'x'.repeat(69)}`, `Aa1!${'é'.repeat(35)}`]) {
        await refused(() => checking(rule, password), 'invalid', LENGTH)
      }
      for (const password of ['Aa1!5678', `Aa1!${'x'.repeat(68)}`, 'Aa1!éé', `Aa1!${'é'.repeat(34)}`]) {
        checking(rule, password)
      }
    }
  })

  test('that is all with `none`', () => {
    for (const password of ['password', 'influxdb', 'ada 2025', 'x'.repeat(8), `${' '.repeat(71)}x`]) {
      checking('none', password, { userName: 'ada', organizationNames: ['analytics'] })
    }
  })
})

suite('a password of which one can see nothing', () => {
  test('is refused with every policy', async () => {
    const message = 'passwords must contain a character that is not blank or invisible'
    for (const password of [
      ' '.repeat(8),
      '\t\n\r \u00a0\u2003\u3000',
      '\u200b'.repeat(8),
      '\u202e\u2066\ufeff\u00ad',
      '\0'.repeat(8),
      '\u001b\u0085'.repeat(4),
      '\u3164\u115f\uffa0',
      '\u2800'.repeat(8),
      '\u{e0061}'.repeat(4),
    ]) {
      for (const rule of ['none', 'common'] as const) {
        await refused(() => checking(rule, password), 'invalid', message)
      }
      await refused(() => checking('strong', password), 'invalid', STRENGTH)
    }
    for (const password of [`${' '.repeat(7)}.`, '        🙂', '한 글 비 밀']) checking('common', password)
  })
})

suite('a password that is easily guessed', () => {
  const context = {
    userName: 'Ada',
    organizationNames: ['research', 'analytics', 'Zoë & Söhne'.normalize('NFD'), '42', '.x*'],
  }

  test('a common one is refused, whole and in any case', async () => {
    for (const password of ['password', 'PassWord', 'QWERTY123']) {
      await refused(() => checking('common', password), 'invalid', COMMON)
    }
    for (const password of ['password!', ' password', 'passwordpassword', 'qwerty1234', 'p a s s w o r d']) {
      checking('common', password)
    }
  })

  test('a name with nothing but digits and punctuation around it is refused', async () => {
    const table = {
      'this product': ['influxdb', 'influxdb2025', 'InfluxDB 2!', '--SLUICE--', '1.influx.2'],
      'the user': ['Ada!!!!!!', '12345ada', '$$$ADA~~^', '  ada   ', '٣٣٣٣ada'],
      'an organization': [
        ...['12-analytics-34', 'ANALYTICS', 'research', '2025research', 'ZOË & SÖHNE'],
        ...['zoë & söhne 1'.normalize('NFD'), '--42-----', '.X*45678'],
      ],
    }
    for (const [owner, passwords] of Object.entries(table)) {
      for (const password of passwords) {
        await refused(() => checking('common', password, context), 'invalid', nameOf(owner))
      }
    }
  })

  test('nothing else is', () => {
    const welcome = [
      ...['adalovelace', 'ada and the analytics engine', 'xinfluxdb2025', 'influx influx', 'influxdata1'],
      ...['x'.repeat(72), `${' '.repeat(8)}q`, '!!!!!!!!', '49152261', 'éééé', '密码密码密码', 'ada😀😀😀😀'],
      ...[
        'correct horse battery staple',
        'äda12345',
        'ada\u030112345',
        'no composition',
        '1axb2345',
        'b2345678',
      ],
    ]
    for (const password of welcome) checking('common', password, context)
    // A name that is empty is found everywhere, one of digits in any number.
    const names = { userName: '', organizationNames: ['', ' ', '2', '-'] }
    for (const password of ['1928374650', '!!!!!!!!']) checking('common', password, names)
    checking('common', 'ada12345')
  })

  test('a name longer than a regular expression may be refuses nothing', () => {
    checking('common', 'correct horse 1', {
      userName: 'x'.repeat(50_000),
      organizationNames: ['(y'.repeat(50_000)],
    })
  })

  test('`strong` and `none` do not ask for the common ones', () => {
    const asking = (policy: PasswordRule) =>
      createPasswordPolicy({ policy, commonPasswords: () => assert.fail('asked') })
    for (const rule of ['strong', 'none'] as const) asking(rule).check('Password1', { userName: 'password' })
    assert.throws(() => asking('common').check('Password1', {}), /asked/)
  })

  test('no refusal repeats the password', () => {
    const tried = ['Aa1!567', 'x'.repeat(73), 'qwerty123', 'influxdb2025', 'Ada!!!!!!', '12-analytics-34']
    let refusals = 0
    for (const password of tried) {
      for (const rule of RULES) {
        try {
          checking(rule, password, context)
        } catch (error) {
          refusals += 1
          assert.ok(!String(error).toLowerCase().includes(password.toLowerCase()), String(error))
        }
      }
    }
    assert.equal(refusals, 13)
  })
})

suite('strong passwords', () => {
  test('need three of four kinds of characters', async () => {
    // A hyphen or a letter outside ASCII is of none of the kinds, as in InfluxDB.
    for (const password of ['aaaaaaaa', 'aaaaaaa1', 'AAAAAAA!', '1111111!', 'Aaaaaaa-', 'aaaaaa1É']) {
      await refused(() => checking('strong', password), 'invalid', STRENGTH)
    }
    for (const password of ['Aaaaaaa1', 'aaaaaa1!', 'AAAAAA1!', 'Aaaaaaa!', 'Aaaaaa1!']) {
      checking('strong', password)
    }
    for (const special of '!@#$%^&*()_+') checking('strong', `aaaaaaa1${special}`)
  })

  test('names and common ones that are strong pass, as in InfluxDB', () => {
    const policy = createPasswordPolicy({ policy: 'strong', commonPasswords: () => new Set(['password1']) })
    policy.check('Password1', { userName: 'Password' })
    checking('strong', 'Influxdb2025')
  })
})

suite('a password that is in use', () => {
  test('goes on being used, unless it is weak where it must be strong', () => {
    for (const password of ['short', 'x'.repeat(73), 'aaaaaaaa', 'password']) {
      assert.ok(!create('strong').accepts(password))
      assert.ok(create('none').accepts(password))
      assert.ok(create('common', ['password']).accepts(password))
    }
    assert.ok(create('strong').accepts('Aaaaaaa1'))
  })
})

test('any words that are no name and not common are welcome', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }), {
    minLength: 2,
    maxLength: 6,
  })
  fc.assert(
    fc.property(words, (chosen) => {
      const password = `phrase ${chosen.join(' ')}`
      fc.pre(Buffer.byteLength(password) <= 72 && Buffer.byteLength(password) >= 8)
      checking('common', password, { userName: 'ada', organizationNames: ['analytics'] })
    }),
  )
})
