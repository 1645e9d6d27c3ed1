import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest, nearestSetting } from './suggest.ts'

const known = ['session-length', 'store', 'tls-cert', 'tls-key']

test('a far name suggests nothing', () => {
  assert.equal(nearest('port', known), undefined)
  assert.equal(nearest('', known), undefined)
  assert.equal(nearest('x'.repeat(1_000_000), known), undefined)
})

test('a slip suggests what was meant', () => {
  assert.equal(nearest('sesion-length', known), 'session-length')
  assert.equal(nearest('sesison-length', known), 'session-length')
  assert.equal(nearest('stroe', known), 'store')
})

test('the way of writing does not matter', () => {
  assert.equal(nearestSetting('sessionLength', known), 'session-length')
  assert.equal(nearestSetting('SESSION_LENGTH', known), 'session-length')
})
