import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomPassword, strengthOf } from './strength.ts'

test('what the server refuses is too weak, and says why', () => {
  assert.deepEqual(strengthOf('short', []), { score: 0, problem: 'short' })
  assert.deepEqual(strengthOf('ä'.repeat(37), []), { score: 0, problem: 'long' })
  assert.deepEqual(strengthOf('Margaret-2026', ['margaret']), { score: 0, problem: 'name' })
  assert.deepEqual(strengthOf('alllowercase', [], 'strong'), { score: 0, problem: 'classes' })
})

test('what repeats is weak, a phrase is strong', () => {
  assert.ok(strengthOf('aaaaaaaaaaaaaaaa', []).score <= 1)
  assert.ok(strengthOf('abcdefgh12345678', []).score <= 1)
  assert.equal(strengthOf('seven lamps under the harbour', []).score, 4)
})

test('a random password is strong, and no two are the same', () => {
  const made = new Set(Array.from({ length: 100 }, () => randomPassword()))
  assert.equal(made.size, 100)
  for (const each of made) {
    assert.match(each, /^([a-zA-Z2-9]{5}-){3}[a-zA-Z2-9]{5}$/)
    assert.equal(strengthOf(each, []).score, 4)
  }
})
