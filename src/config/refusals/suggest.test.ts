import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest, nearestSetting } from './suggest.ts'

const KNOWN = ['session-length', 'store', 'tls-cert', 'tls-key']

test('a far name suggests nothing', () => {
  assert.equal(nearest('port', KNOWN), undefined)
  assert.equal(nearest('', KNOWN), undefined)
  assert.equal(nearest('x'.repeat(1_000_000), KNOWN), undefined)
})

test('a slip suggests what was meant', () => {
  assert.equal(nearest('sesion-length', KNOWN), 'session-length')
  assert.equal(nearest('sesison-length', KNOWN), 'session-length')
  assert.equal(nearest('stroe', KNOWN), 'store')
})

test('the way of writing does not matter', () => {
  assert.equal(nearestSetting('sessionLength', KNOWN), 'session-length')
  assert.equal(nearestSetting('SESSION_LENGTH', KNOWN), 'session-length')
})
