import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ranked } from './ranked.ts'

const TOKENS = [
  { id: '0c77aa', label: 'token 12', more: 'ada org-2' },
  { id: '0c0001', label: 'my token 77', more: 'ada lab' },
  { id: '0c0002', label: 'token 770', more: 'ada lab' },
  { id: '0c0003', label: 'Token 77', more: 'ada lab' },
  { id: '0c0004', label: 'org-2 export', more: 'eve org-2' },
  { id: '77ab01', label: 'another', more: 'eve lab' },
]
const found = (text: string) => ranked(TOKENS, text, (each) => each).map(({ id }) => id)

test('the best match comes first', () => {
  assert.deepEqual(found('token 77'), ['0c0003', '0c0002', '0c0001'])
  assert.deepEqual(found('ORG-2'), ['0c0004', '0c77aa'])
  assert.deepEqual(found('77'), ['0c0001', '0c0002', '0c0003', '77ab01'])
  assert.deepEqual(found('eve lab'), ['77ab01'])
})

test('an id counts from its beginning only, and at most six are found', () => {
  assert.deepEqual(found('aa'), [])
  assert.equal(ranked(Array(9).fill(TOKENS[0]), 'token', (each) => each as (typeof TOKENS)[0]).length, 6)
  assert.deepEqual(
    ranked(undefined, 'a', () => ({ id: '', label: '' })),
    [],
  )
})
