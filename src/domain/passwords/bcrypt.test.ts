import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hash } from '@node-rs/bcrypt'
import fc from 'fast-check'
import { isBcrypt, matchesBcrypt } from './bcrypt.ts'

/** All of them confirmed with Go's x/crypto/bcrypt, which is InfluxDB's. */
const VECTORS = [
  // Go's own test.
  ['allmine', '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'],
  // pyca/bcrypt's tests.
  ['Kk4DQuMMfZL9o', '$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm'],
  // crypt_blowfish's, the first one of bytes that are not UTF-8.
  [Buffer.from('ffffa3', 'hex'), '$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e'],
  ['U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  // Made with Go.
  ['nul\0byte1', '$2a$04$Yn1fAd.T12crqZhyXdSRTuwcIgpWON4VsCScAdb5UtOFcPVAv6OK.'],
] as const
/** crypt_blowfish's too: the password is longer. */
const FIRST_72 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const OF_FIRST_72 = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'

suite('bcrypt', () => {
  test('what is none, or would cost too much, is not taken for one', () => {
    const rest = 'XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'
    assert.ok(isBcrypt(`$2a$10$${rest}`))
    const others = [
      ...['2x', '2', '2c', '1', '2A'].map((kind) => `$${kind}$10$${rest}`),
      ...['03', '17', '31', '99', '4', ''].map((cost) => `$2a$${cost}$${rest}`),
      ...[rest.slice(1), `${rest}x`, `${rest}\n`, `${rest.slice(1)}=`, ''].map((each) => `$2a$10$${each}`),
      ...['', rest, ` $2a$10$${rest}`],
    ]
    for (const stored of others) assert.ok(!isBcrypt(stored), stored)
  })

  test('known answers, under each of the three prefixes', async () => {
    for (const [password, vector] of VECTORS) {
      const right = Buffer.from(password)
      const wrong = [right.subarray(1), Buffer.concat([right, Buffer.from('x')]), Buffer.alloc(0)]
      for (const prefix of ['$2a', '$2b', '$2y']) {
        const stored = vector.replace(/^\$2./, `$${prefix}`)
        assert.ok(isBcrypt(stored))
        for (const each of wrong) assert.ok(!(await matchesBcrypt(each, stored)), stored)
        assert.ok(await matchesBcrypt(right, stored), stored)
      }
    }
  })

  test('a NUL byte does not end the password', async () => {
    const [, stored] = VECTORS[5]
    for (const wrong of ['nul', 'nul\0', 'nul\0byte2']) {
      assert.ok(!(await matchesBcrypt(Buffer.from(wrong), stored)), JSON.stringify(wrong))
    }
    // Bcrypt repeats the password with a NUL between; as in InfluxDB, the repeated text matches too.
    assert.ok(await matchesBcrypt(Buffer.from('nul\0byte1\0nul\0byte1'), stored))
  })

  test('the first 72 bytes count, also where an 8-bit length would wrap', async () => {
    assert.ok(!(await matchesBcrypt(Buffer.from(FIRST_72.slice(0, -1)), OF_FIRST_72)))
    assert.ok(!(await matchesBcrypt(Buffer.from(`${FIRST_72.slice(0, -1)}x and so on`), OF_FIRST_72)))
    for (const more of [0, 1, 182, 183, 184, 185, 500]) {
      assert.ok(await matchesBcrypt(Buffer.from(FIRST_72 + 'x'.repeat(more)), OF_FIRST_72), `${more}`)
    }
  })

  test('any password is told from any other', async () => {
    const byte = fc.integer({ min: 1, max: 255 })
    const passwords = fc.array(byte, { minLength: 8, maxLength: 72 }).map((bytes) => Buffer.from(bytes))
    await fc.assert(
      fc.asyncProperty(passwords, passwords, fc.nat(), async (right, other, at) => {
        const stored = await hash(right, 4)
        const near = Buffer.from(right)
        const place = at % near.length
        // Not to 0, which bcrypt may not tell from the end.
        near[place] = ((near[place] ?? 0) % 255) + 1
        assert.ok(!(await matchesBcrypt(near, stored)))
        assert.ok(!(await matchesBcrypt(right.subarray(0, -1), stored)))
        assert.equal(await matchesBcrypt(other, stored), right.equals(other))
        assert.ok(await matchesBcrypt(right, stored))
      }),
    )
  })
})
