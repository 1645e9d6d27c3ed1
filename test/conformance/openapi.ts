/** Reads our OpenAPI document: finds the operation of a request and what is documented for its responses. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { idProblem } from '../../src/domain/base/id.ts'

type Json = Readonly<Record<string, unknown>>

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Readonly<Record<string, { readonly schema: Json }>>
  }
  readonly responses: Readonly<Record<string, Response>>
  readonly security?: readonly Json[]
}

interface Response {
  readonly links?: Readonly<
    Record<string, { readonly operationId: string; readonly parameters: Readonly<Record<string, string>> }>
  >
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>
}

export interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json }
  readonly security: readonly Json[]
}

export interface FoundOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

export const formats = { id: (text: string) => idProblem(text) === undefined }

export function operationsOf({ paths }: OpenApi): FoundOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

/** The documented operation of a request; HEAD counts as GET without a body (RFC 9110, 9.3.2). */
export function findOperation(
  document: OpenApi,
  sent: { method: string; path: string },
): FoundOperation | undefined {
  const path = (sent.path.split('?')[0] ?? '').replace(/(?<=.)\/$/, '')
  const matching = operationsOf(document).filter((each) => patternOf(each.path).test(path))
  return (
    matching.find(({ method }) => method === sent.method) ??
    (sent.method === 'HEAD' ? matching.find(({ method }) => method === 'GET') : undefined)
  )
}

function patternOf(template: string): RegExp {
  return new RegExp(
    `^${template
      .split(/\{\w+\}/)
      .map(RegExp.escape)
      .join('[^/]+')}$`,
  )
}

/** Checks responses against a copy of the document that forbids undeclared fields. */
export function createBodyChecker(document: OpenApi): {
  /** Why a body does not match the schema of an operation; undefined if it does. */
  check(schema: Json, body: unknown): string | undefined
} {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats })
  ajv.addSchema({ $id: 'document', ...(closed(document) as object) })
  const compiled = new Map<string, ValidateFunction>()
  return {
    check(schema, body) {
      const key = JSON.stringify(schema)
      let validate = compiled.get(key)
      if (!validate) {
        validate = ajv.compile(JSON.parse(key.replaceAll('"#/', '"document#/'), (_key, value) => value))
        compiled.set(key, validate)
      }
      return validate(body) ? undefined : ajv.errorsText(validate.errors)
    },
  }
}

/** Forbids undeclared fields in every object schema, unless the schema allows additional properties itself. */
export function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]) => [key, closed(each)] as const)
  const isObjectSchema = 'type' in value && value.type === 'object' && !('additionalProperties' in value)
  return { ...Object.fromEntries(entries), ...(isObjectSchema ? { additionalProperties: false } : {}) }
}

/** Every `$ref` anywhere in a document. */
export function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : referencesOf(each),
  )
}
