import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesSpelledOut, spelledOut } from './visible-text.ts'

test('what one cannot see, or what moves the cursor or turns text, is spelled out', () => {
  const spelled: [text: string, expected: string][] = [
    ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['\u001b[2J\u009b\u007f\0\t', '\\u001b[2J\\u009b\\u007f\\u0000\\u0009'],
    ['a\u200bb\u200d\ufeff\u00ad', 'a\\u200bb\\u200d\\ufeff\\u00ad'],
    ['a\u034f\u115f\u3164\uffa0\u180b\ufe0f', 'a\\u034f\\u115f\\u3164\\uffa0\\u180b\\ufe0f'],
    ['a\u00a0\u2003\u3000\u2800b', 'a\\u00a0\\u2003\\u3000\\u2800b'],
    ['x\u{e0061}y\u{e0100}', 'x\\udb40\\udc61y\\udb40\\udd00'],
    ['\ud800\u2028\u2029\u0085', '\\ud800\\u2028\\u2029\\u0085'],
    ['ada  lovelace é e\u0301 🙂 עברית 한국어', 'ada  lovelace é e\u0301 🙂 עברית 한국어'],
  ]
  for (const [text, expected] of spelled) assert.equal(spelledOut(text), expected)
})

test('of several lines the ends stay, and what is to stay', () => {
  assert.equal(spelledOut('a\nb'), 'a\\u000ab')
  assert.equal(linesSpelledOut('a\nb\r\u202e\u001b\n'), 'a\nb\\u000d\\u202e\\u001b\n')
  assert.equal(linesSpelledOut('\u001b[1ma\u009b', '\u001b'), '\u001b[1ma\\u009b')
})
