/** Checks requests against the shapes that routes declare, and says what is wrong in InfluxDB's words. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import { invalid, type SluiceError } from '../../domain/base/errors.ts'
import { idProblem } from '../../domain/base/id.ts'

const OPTIONS = {
  allErrors: false,
  verbose: true,
  strict: false,
  formats: { id: (text: string) => idProblem(text) === undefined },
} as const

/**
 * Query strings and paths are text, so `limit=5` is the number 5 there; in a body it must be one. Each shape
 * is compiled when it is first needed, so that starting waits for none.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const ofText = new Ajv({ ...OPTIONS, coerceTypes: true })
  const ofBody = new Ajv(OPTIONS)
  return ({ schema, httpPart }) => {
    let validate: ValidateFunction | undefined
    function validateWhenNeeded(data: unknown): boolean {
      validate ??= (httpPart === 'body' ? ofBody : ofText).compile(schema)
      const valid = validate(data)
      validateWhenNeeded.errors = validate.errors
      return valid
    }
    validateWhenNeeded.errors = undefined as ValidateFunction['errors']
    return validateWhenNeeded as ReturnType<FastifySchemaCompiler<object>>
  }
}

/** The refusal for what a shape does not allow. */
export function validationError(found: readonly FastifySchemaValidationError[], part?: string): SluiceError {
  const [error] = found as readonly ErrorObject[]
  if (!error) return invalid('the request is invalid')
  const name = error.instancePath.split('/').at(-1) ?? ''
  const value = error.data
  if (error.keyword === 'format' && typeof value === 'string') return invalid(idMessage(name, value))
  if (part !== 'body' && name === 'limit' && ['minimum', 'maximum'].includes(error.keyword)) {
    return invalid('limit must be between 1 and 100')
  }
  if (part !== 'body') return invalid(`${name} is invalid`)
  if (value === undefined && error.instancePath === '') {
    return invalid('the request body is missing; send a JSON object')
  }
  const where = error.instancePath.slice(1).replaceAll('/', '.')
  return invalid(`${where || 'the request body'} ${error.message ?? 'is invalid'}`)
}

function idMessage(name: string, value: string): string {
  const problem = idProblem(value) ?? 'invalid ID'
  return name === 'after' ? `decoding after: ${problem}` : problem
}
