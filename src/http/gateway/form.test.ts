import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mediaTypeOf } from './form.ts'

test('a media type is read without its parameters, in any case', () => {
  assert.equal(mediaTypeOf(' APPLICATION/JSON ;charset=x'), 'application/json')
  assert.equal(mediaTypeOf(undefined), '')
})
