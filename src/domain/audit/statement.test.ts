import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { beginningOf, LONGEST_STATEMENT } from './statement.ts'

suite('the beginning of a statement', () => {
  test('is all of a text that is not too long, whatever it holds', () => {
    for (const text of ['', 'a', '\ufeff\0\n🙂', 'é'.repeat(2048)]) assert.equal(beginningOf(text), text)
  })

  test('is never longer than its bytes, and ends with a whole character', () => {
    for (const [character, bytes] of [
      ['a', 1],
      ['é', 2],
      ['名', 3],
      ['🙂', 4],
    ] as const) {
      for (const shift of ['', 'x', 'xx', 'xxx']) {
        const cut = beginningOf(shift + character.repeat(10_000))
        assert.ok(Buffer.byteLength(cut) <= LONGEST_STATEMENT)
        assert.equal(cut, shift + character.repeat(Math.floor((LONGEST_STATEMENT - shift.length) / bytes)))
      }
    }
  })

  test('has a replacement for half a character, which no store takes', () => {
    assert.equal(beginningOf('a\ud83d'), 'a\ufffd')
  })
})
