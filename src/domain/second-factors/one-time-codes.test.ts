import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createApplicationPassword,
  createRecoveryCodes,
  hashOneTimeCode,
  isApplicationPassword,
  isRecoveryCode,
  RECOVERY_CODES,
} from './one-time-codes.ts'

test('recovery codes have 130 bits each, in groups, and differ', () => {
  const codes = createRecoveryCodes()
  assert.equal(codes.length, RECOVERY_CODES)
  assert.equal(new Set(codes).size, RECOVERY_CODES)
  for (const code of codes) assert.match(code, /^([a-z2-7]{5}-){5}[a-z2-7]$/)
  const letters = new Set(Array.from({ length: 100 }, createRecoveryCodes).flat().join(''))
  assert.equal(letters.size, 33, 'every letter and the separator')
})

test('a code is recognized however it is typed', () => {
  const [code = ''] = createRecoveryCodes()
  for (const typed of [
    code,
    code.toUpperCase(),
    code.replaceAll('-', ''),
    ` ${code.replaceAll('-', ' ')} `,
  ]) {
    assert.ok(isRecoveryCode(typed), typed)
    assert.equal(hashOneTimeCode(typed), hashOneTimeCode(code))
  }
  for (const other of ['', '123456', `${code}a`, code.slice(1), code.replace(/^./, '1')]) {
    assert.ok(!isRecoveryCode(other), other)
  }
})

test('an application password is recognized, and no recovery code is one', () => {
  const password = createApplicationPassword()
  assert.ok(isApplicationPassword(password))
  assert.ok(!isRecoveryCode(password))
  assert.ok(!isApplicationPassword(createRecoveryCodes()[0] ?? ''))
  assert.ok(!isApplicationPassword(`${password}x`))
})
