import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { canonicalName, nameKey } from './name-key.ts'

suite('the canonical form of a name', () => {
  test('is equal for names that look alike', () => {
    const alike: readonly (readonly string[])[] = [
      ['é', 'e\u0301', 'e\u200d\u0301', '\u2060é\ufeff'],
      [
        'ada',
        ' ada',
        'ada\u00a0',
        '\u200bada',
        'a\u00addA'.toLowerCase(),
        'ａｄａ',
        'ad\u034fa',
        'ada\u3164',
      ],
      ['ada lovelace', 'ada\u00a0lovelace', 'ada\u3000lovelace'],
      ['한', '\u1112\u1161\u11ab'],
      ['Å', '\u212b', 'A\u030a'],
      ['file', 'ﬁle'],
      ['', ' ', '\n', '\u200b', '\u202e\u2066', '\u{e0061}', '\ufe0f', '\u115f \uffa0'],
    ]
    for (const names of alike) {
      assert.equal(new Set(names.map(canonicalName)).size, 1, JSON.stringify(names))
      assert.equal(new Set(names.map(nameKey)).size, 1)
    }
  })

  test('differs for names that look different, case included, and is its own canonical form', () => {
    const names = [
      'ada',
      'Ada',
      'ADA',
      'a da',
      'a  da',
      'a\nda',
      'àda',
      'áda',
      'адa',
      '🙂',
      '',
      'ß',
      'ss',
      'SS',
    ]
    assert.equal(new Set(names.map(nameKey)).size, names.length)
    for (const name of [...names, 'e\u200d\u0301', '\ufdfa', '  ﬁ\u0301 ']) {
      assert.equal(canonicalName(canonicalName(name)), canonicalName(name))
    }
  })

  test('takes no longer for names crafted to be slow', () => {
    const begun = performance.now()
    const names = [`${' '.repeat(40_000)}x`, `x${' '.repeat(40_000)}x`, '\u0301'.repeat(40_000)]
    for (const name of [...names, '\u200b'.repeat(40_000), '\ufdfa'.repeat(10_000)]) nameKey(name)
    assert.ok(performance.now() - begun < 2000)
  })
})
