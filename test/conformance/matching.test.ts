/** Checks the comparison itself: the recorded scenarios prove nothing if it accepts everything. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fillIn, mismatches } from './matching.ts'

const SAVED = new Map([
  ['ada', '0a1b2c3d4e5f6071'],
  ['token', 'a-saved-value'],
])

describe('a recorded value does not agree with', () => {
  const different: [string, unknown, unknown][] = [
    ['another status', 200, 201],
    ['a number as text', 1, '1'],
    ['another text', 'active', 'inactive'],
    ['a text that only begins the same', 'active', 'active '],
    ['null instead of an object', {}, null],
    ['an object instead of null', null, {}],
    ['an array instead of an object', {}, []],
    ['a missing key', { code: 'x', message: 'y' }, { code: 'x' }],
    ['an additional key', { code: 'x' }, { code: 'x', op: 'z' }],
    ['a shorter list', [1, 2], [1]],
    ['a longer list', [1], [1, 2]],
    ['a list in another order', [1, 2], [2, 1]],
    ['a malformed id', '{{id}}', '0a1b2c3d4e5f607'],
    ['another id than the saved one', '/users/{{ada}}', '/users/0a1b2c3d4e5f6072'],
    ['a time without its zone', '{{time}}', '2026-01-02T03:04:05'],
    ['a short secret', '{{token2}}', 'abc'],
    ['another secret than the saved one', '{{token}}', 'x'.repeat(88)],
    ['an unknown placeholder', '{{nobody}}', 'anything'],
    ['a text that matches only as a regular expression', 'a.c', 'abc'],
  ]
  for (const [name, expected, actual] of different) {
    test(name, () => assert.notDeepEqual(mismatches(expected, actual, { saved: SAVED }), []))
  }

  test('an unordered list that lacks one element', () => {
    assert.deepEqual(
      mismatches([{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 3 }], { saved: SAVED, unordered: true }),
      [' lacks {"a":1}'],
    )
  })

  test('an unordered list in which one element stands twice in place of two', () => {
    assert.equal(mismatches([1, 2], [1, 1], { saved: SAVED, unordered: true }).length, 1)
  })
})

describe('a recorded value agrees with', () => {
  const same: [string, unknown, unknown][] = [
    ['any value for a placeholder of any value', { body: '{{any}}' }, { body: [1, { a: null }] }],
    [
      'an id, a time and text around them',
      'by {{id}} at {{time}}',
      'by 00000000000000ff at 2026-01-02T03:04:05.6Z',
    ],
    [
      'a saved value within text',
      'read:users/{{ada}} is unauthorized',
      'read:users/0a1b2c3d4e5f6071 is unauthorized',
    ],
    ['a secret', ['{{token2}}'], ['{{token2}}']],
    ['keys in another order', { a: 1, b: [true] }, { b: [true], a: 1 }],
  ]
  for (const [name, expected, actual] of same) {
    test(name, () => assert.deepEqual(mismatches(expected, actual, { saved: SAVED }), []))
  }

  test('a list in another order if order is ignored, at any depth', () => {
    const options = { saved: SAVED, unordered: true }
    assert.deepEqual(mismatches({ l: [{ i: [1, 2] }, 3] }, { l: [3, { i: [2, 1] }] }, options), [])
  })

  test('a secret of the right form if no value of that name is saved', () => {
    assert.deepEqual(mismatches('{{token}}', `${'x'.repeat(86)}==`, { saved: new Map() }), [])
    assert.equal(mismatches('{{token}}', 'short', { saved: new Map() }).length, 1)
  })
})

test('saved values replace their names everywhere; unknown names stay', () => {
  const request = {
    path: '/users/{{ada}}/{{x}}',
    headers: { cookie: 'k={{token}}; l={{token}}' },
    json: [1, null],
  }
  assert.deepEqual(fillIn(request, SAVED), {
    path: '/users/0a1b2c3d4e5f6071/{{x}}',
    headers: { cookie: 'k=a-saved-value; l=a-saved-value' },
    json: [1, null],
  })
})
