import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { base32, checkTotp, createTotpSecret, STEP_MS, totpCode, totpUri } from './totp.ts'

/** RFC 6238, appendix B: the secret for SHA-1, and codes of 8 digits, whose last 6 are ours. */
const RFC_SECRET = Buffer.from('12345678901234567890')
const RFC_CODES: readonly [seconds: number, code: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
]

suite('a one-time code', () => {
  test('is that of the RFC', () => {
    for (const [seconds, code] of RFC_CODES) {
      assert.equal(totpCode(RFC_SECRET, Math.floor((seconds * 1000) / STEP_MS)), code.slice(-6))
    }
  })

  test('is accepted in its step and in those beside it, and once', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 40, max: 2 ** 40 }),
        fc.integer({ min: -3, max: 3 }),
        (secret, present, away) => {
          const at = present * STEP_MS + 15_000
          const code = totpCode(secret, present + away)
          // Equal codes of two steps are rare, but the property must hold.
          const near = [-1, 0, 1].map((each) => totpCode(secret, present + each))
          const verdict = checkTotp(secret, code, { at, after: -1 })
          assert.equal(verdict.kind === 'right', near.includes(code))
          if (verdict.kind !== 'right') return
          for (let after = verdict.step; ; after += 1) {
            const again = checkTotp(secret, code, { at, after })
            if (again.kind !== 'right') break
            assert.ok(again.step > after, 'only another step with the same code')
          }
        },
      ),
    )
  })

  test('is refused 61 seconds late, with how far the clock is off', () => {
    const secret = createTotpSecret()
    const at = 1_000_000 * STEP_MS + 15_000
    const early = (ms: number) => totpCode(secret, Math.floor((at - ms) / STEP_MS))
    assert.equal(checkTotp(secret, early(31_000), { at, after: -1 }).kind, 'right')
    assert.deepEqual(checkTotp(secret, early(61_000), { at, after: -1 }), { kind: 'off', steps: -2 })
    assert.deepEqual(checkTotp(secret, early(400_000), { at, after: -1 }), { kind: 'wrong' })
  })

  test('has exactly six digits of ASCII', () => {
    for (const text of ['', '12345', '1234567', '12345a', ' 12345', '١٢٣٤٥٦', '-12345', '1e3456']) {
      assert.deepEqual(checkTotp(RFC_SECRET, text, { at: 59_000, after: -1 }), { kind: 'wrong' }, text)
    }
  })
})

test('base 32 is that of RFC 4648', () => {
  const vectors = ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']
  for (const [length, text] of vectors.entries()) {
    assert.equal(base32(Buffer.from('foobar'.slice(0, length))), text)
  }
})

test('the URI has the secret, and escapes names', () => {
  const uri = new URL(totpUri(RFC_SECRET, { issuer: 'Sluice & Co', account: 'ada?x=1#/é' }))
  assert.equal(uri.protocol, 'otpauth:')
  assert.equal(decodeURIComponent(uri.pathname), '/Sluice & Co:ada?x=1#/é')
  assert.deepEqual(Object.fromEntries(uri.searchParams), {
    ...{ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', issuer: 'Sluice & Co' },
    ...{ algorithm: 'SHA1', digits: '6', period: '30' },
  })
  assert.equal(createTotpSecret().length, 20)
})
