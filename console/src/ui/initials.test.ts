import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialsOf } from './initials.ts'

test('initials are the first letters of at most two words, whatever separates them', () => {
  const initials = [
    'ada',
    'grace.hopper',
    'Grace B. Hopper',
    'émile_zola',
    'ada@example.org',
    '@',
    '',
    '42-x',
  ]
  assert.deepEqual(initials.map(initialsOf), ['A', 'GH', 'GB', 'ÉZ', 'A', '', '', '4X'])
})

test('a letter outside the basic plane is not cut in half', () => {
  assert.equal(initialsOf('𐐨da'), '𐐀')
})
