/**
 * The cases of single sign-on and second factors, by their ids, and the test of each. The ids and what each expects come
 * from the design, `cases.json`; gaps in the numbers are its own. Here it is held that none is without a test.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

/** By file, the ids of the cases that the titles of its tests begin with. */
const BY_TITLE: Readonly<Record<string, readonly string[]>> = {
  'test/single-sign-on/oidc-cases.test.ts': [
    ...ids('oidc', [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26]),
    ...ids('attack', [2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 23, 24, 26, 27, 29, 30]),
    'logout-02',
  ],
  'test/ldap/sign-in.test.ts': ids('ldap', [1, 3, 4, 6, 7, 9, 10, 13, 15, 16, 18, 19]),
  'test/ldap/start.test.ts': ['ldap-12'],
  'test/ldap/recheck.test.ts': ids('ldap', [21, 22]),
}

/** Cases that other tests hold, with more of the same kind: the file and the title. */
const BY_OTHERS: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'totp-01': [
    'test/security/second-factors.test.ts',
    'signs in with password and code, and each code works once',
  ],
  'totp-02': [
    'test/security/second-factors.test.ts',
    'signs in with password and code, and each code works once',
  ],
  'totp-04': [
    'test/security/second-factors.test.ts',
    'is refused a code that is 61 seconds late, and the log says that a clock is wrong',
  ],
  'totp-05': [
    'test/security/second-factors.test.ts',
    'is refused a code that is 61 seconds late, and the log says that a clock is wrong',
  ],
  'totp-07': [
    'test/security/second-factors.test.ts',
    'is stopped for the user, whatever the address, and a right password clears nothing',
  ],
  'totp-08': ['test/security/second-factors.test.ts', 'opens nothing with half a sign-in'],
  'totp-10': [
    'test/security/second-factors.test.ts',
    'begins again after five minutes, or after the password, the sessions or the user changed',
  ],
  'webauthn-01': ['test/security/passkeys.test.ts', "['of another origin', { origin: 'https://evil.test' }]"],
  'webauthn-03': ['test/security/passkeys.test.ts', 'answers each challenge once, also at once'],
  'webauthn-04': ['test/security/passkeys.test.ts', "['with a wrong signature', { breaksSignature: true }]"],
  'webauthn-06': ['test/security/passkeys.test.ts', 'is asked for, and need not verify its user'],
  'webauthn-07': [
    'test/security/passkeys.test.ts',
    'of one device whose counter does not rise is refused, and the audit log says so',
  ],
  'webauthn-09': ['test/security/passkeys.test.ts', 'must be of the user whose password it was'],
  'webauthn-10': ['test/security/passkeys.test.ts', 'no passkeys are offered with ${flags.join'],
}

/** If a test expects something else than the design: the issue, or what was learnt since, counts. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'oidc-25': 'the address also names the factors, so that the page offers those that the user has',
  'attack-20': 'a kept cookie is refused here, before the code goes to the provider a second time',
  'attack-26': 'the answer of the beginning has no path; the end of the flow leads to /',
  'attack-29':
    'the beginning is a POST of the page, which stays and says so: 503 with the reason provider-away',
  'attack-30': 'as attack-29',
}

function ids(kind: string, numbers: readonly number[]): string[] {
  return numbers.map((each) => `${kind}-${String(each).padStart(2, '0')}`)
}

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')

/** Titles name several cases in short, such as `ldap-01, 06`. */
function isNamed(text: string, id: string): boolean {
  const [kind = '', number = ''] = id.split('-')
  const named = new RegExp(`['\`]${kind}-\\d\\d(, (${kind}-)?\\d\\d)*`, 'g')
  return [...text.matchAll(named)].some(([all]) =>
    [...all.matchAll(/\d\d/g)].some(([each]) => each === number),
  )
}

test('each of the 68 cases has a test', () => {
  const all = [...Object.values(BY_TITLE).flat(), ...Object.keys(BY_OTHERS)]
  assert.equal(new Set(all).size, 68)
  for (const [file, named] of Object.entries(BY_TITLE)) {
    const text = textOf(file)
    for (const id of named) assert.ok(isNamed(text, id), `${id} in ${file}`)
  }
  for (const [id, [file, title]] of Object.entries(BY_OTHERS)) {
    assert.ok(textOf(file).includes(title), `${id}: ${title} in ${file}`)
  }
  for (const id of Object.keys(OTHERWISE)) assert.ok(all.includes(id), id)
})
