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

/** What Go's `strconv.ParseBool`, by which InfluxDB reads a query, accepts beside `true` and `false`. */
const GO_BOOLEANS = new Map([
  ...['1', 't', 'T', 'TRUE', 'True'].map((text) => [text, 'true'] as const),
  ...['0', 'f', 'F', 'FALSE', 'False'].map((text) => [text, 'false'] as const),
])

interface ObjectShape {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>
}

/** Names of the parameters of a query string that are booleans. */
function booleansOf({ properties = {} }: ObjectShape): readonly string[] {
  return Object.keys(properties).filter((name) => properties[name]?.type === 'boolean')
}

/**
 * Query strings and paths are text, so `limit=5` is the number 5 there; in a body it must be one. Each shape
 * is compiled when it is first needed, so that starting waits for none.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const ofText = new Ajv({ ...OPTIONS, coerceTypes: true })
  const ofBody = new Ajv(OPTIONS)
  return ({ schema, httpPart }) => {
    let validate: ValidateFunction | undefined
    const booleans = httpPart === 'querystring' ? booleansOf(schema) : []
    function validateWhenNeeded(data: unknown): boolean {
      for (const name of booleans) {
        const query = data as Record<string, unknown>
        const known = GO_BOOLEANS.get(query[name] as string)
        if (known) query[name] = known
      }
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
