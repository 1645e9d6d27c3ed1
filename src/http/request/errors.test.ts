import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { causesOf, invalid, SluiceError, unavailable } from '../../domain/base/errors.ts'
import { asSluiceError, errorBody, STATUS_OF } from './errors.ts'
import { ErrorShape } from './shapes.ts'

suite('errors as clients see them', () => {
  test('every documented code has the status of the InfluxDB table, and no other is there', () => {
    assert.deepEqual(STATUS_OF, {
      'internal error': 500,
      'not implemented': 501,
      'not found': 404,
      conflict: 422,
      invalid: 400,
      'unprocessable entity': 422,
      'empty value': 400,
      unavailable: 503,
      forbidden: 403,
      'too many requests': 429,
      unauthorized: 401,
      'method not allowed': 405,
      'request too large': 413,
      'unsupported media type': 415,
    })
    const { enum: documented } = ErrorShape.properties.code as unknown as { enum: string[] }
    assert.deepEqual(documented.toSorted(), Object.keys(STATUS_OF).toSorted())
  })

  test('nothing of an unexpected failure reaches the client but that there was one', () => {
    const cause = new Error('connect to 10.0.0.7 with secret')
    const error = asSluiceError(cause)
    assert.deepEqual(errorBody(error), { code: 'internal error', message: 'an internal error has occurred' })
    assert.equal(error.cause, cause)
    assert.equal(asSluiceError('thrown text').cause, 'thrown text')
  })

  test('an expected refusal stays what it is; its causes are told only where they are asked for', () => {
    const cause = new Error('disk', { cause: new Error('i/o', { cause: 'sector 7' }) })
    const error = unavailable('the store does not answer', { cause })
    assert.equal(asSluiceError(error), error)
    const told = { code: 'unavailable', message: 'the store does not answer' }
    assert.deepEqual(errorBody(error), told)
    const withDetails = { ...told, op: 'GetMe', err: 'disk: i/o: sector 7' }
    assert.deepEqual(errorBody(error, { op: 'GetMe' }), withDetails)
    assert.deepEqual(errorBody(invalid('no'), { op: 'GetMe' }), {
      code: 'invalid',
      message: 'no',
      op: 'GetMe',
    })
  })

  test('causes that lead round in a circle come to an end', () => {
    const circle = new Error('circle')
    circle.cause = circle
    assert.equal(causesOf(new SluiceError('invalid', 'no', { cause: circle })).length, 10)
  })
})
