/** Values against their shapes, by Ajv. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'

// Compiled when a value of the shape is given: a start with defaults alone compiles none.
const compiled = new WeakMap<TSchema, ValidateFunction>()
let compiler: Ajv | undefined

/** Everything that `shape` does not allow about `value`; empty if it fits. */
export function faultsOf(shape: TSchema, value: unknown): readonly ErrorObject[] {
  const validate = compiled.get(shape) ?? compile(shape)
  return validate(value) ? [] : (validate.errors ?? [])
}

/**
 * These options halve the time of Ajv's defaults: no messages, no second pass over the generated code, no check of
 * the shape itself.
 */
const OPTIONS = {
  allErrors: true,
  verbose: true,
  strict: false,
  messages: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
} as const

function compile(shape: TSchema): ValidateFunction {
  compiler ??= new Ajv(OPTIONS)
  const validate = compiler.compile(shape)
  compiled.set(shape, validate)
  return validate
}
