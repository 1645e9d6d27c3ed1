import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FastifySchemaValidationError } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { IDParams, PageQuery } from './shapes.ts'
import { createValidatorCompiler, validationError } from './validation.ts'

const compile = createValidatorCompiler()

/** The message with which data of a part of a request is refused; undefined if it is not. */
function refusal(httpPart: 'body' | 'querystring' | 'params', schema: TSchema, data: unknown) {
  const validate = compile({ schema, httpPart, method: 'GET', url: '/' } as never)
  if (validate(data)) return undefined
  const part = httpPart === 'querystring' ? 'query' : httpPart
  const { code, message } = validationError(validate.errors as FastifySchemaValidationError[], part)
  assert.equal(code, 'invalid')
  return message
}

const page = Type.Object(PageQuery)

suite('what is wrong with a query', () => {
  test('a limit has a range and is a number', () => {
    for (const limit of ['0', '101', '-1', '99999999999999999999']) {
      assert.equal(refusal('querystring', page, { limit }), 'limit must be between 1 and 100', limit)
    }
    for (const limit of ['x', '1.5', '1x']) {
      assert.equal(refusal('querystring', page, { limit }), 'limit is invalid', limit)
    }
  })

  test('anything else that does not fit is named', () => {
    assert.equal(refusal('querystring', page, { offset: 'x' }), 'offset is invalid')
    assert.equal(refusal('querystring', page, { descending: 'maybe' }), 'descending is invalid')
  })

  test('an id says what it is not; after says that it was being read', () => {
    const lengthMessage = 'id must have a length of 16 bytes'
    assert.equal(refusal('params', IDParams, { id: 'x' }), lengthMessage)
    assert.equal(refusal('params', IDParams, { id: '0'.repeat(16) }), 'invalid ID')
    assert.equal(refusal('querystring', page, { after: 'x' }), `decoding after: ${lengthMessage}`)
    assert.equal(refusal('querystring', page, { after: 'z'.repeat(16) }), 'decoding after: invalid ID')
  })

  test('what fits becomes numbers and truths, since a query is text', () => {
    const data: Record<string, unknown> = { limit: '100', offset: '-5', descending: 'true', other: 'x' }
    assert.equal(refusal('querystring', page, data), undefined)
    assert.deepEqual(data, { limit: 100, offset: -5, descending: true, other: 'x' })
  })
})

suite('what is wrong with a body', () => {
  const body = Type.Object({
    name: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    id: Type.Optional(Type.String({ format: 'id' })),
    rules: Type.Optional(Type.Array(Type.Object({ every: Type.Optional(Type.Integer()) }))),
  })

  test('it is no object', () => {
    for (const data of [[], 'text', 1, true]) {
      assert.equal(refusal('body', body, data), 'the request body must be object')
    }
  })

  test('a field is named with the way to it; text is no number there', () => {
    assert.equal(refusal('body', body, { name: 1 }), 'name must be string')
    assert.equal(refusal('body', body, { limit: 0 }), 'limit must be >= 1')
    assert.equal(refusal('body', body, { limit: '5' }), 'limit must be integer')
    assert.equal(refusal('body', body, { rules: [{}, { every: 1.5 }] }), 'rules.1.every must be integer')
    assert.equal(refusal('body', body, { id: 'x' }), 'id must have a length of 16 bytes')
  })

  test('what is not known is no mistake', () => {
    assert.equal(refusal('body', body, { name: 'x', more: [1] }), undefined)
  })
})
