/** Shapes that several routes share, as JSON Schema that gives types, validation, serialization and documents. */
import type { FastifyTypeProvider } from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'
import { REASONS } from '../../domain/base/reasons.ts'

/** Tells Fastify's types what a TypeBox shape holds. */
export interface ShapeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

/** A shape with a name of its own in the OpenAPI document. */
export type NamedShape<T extends TSchema = TSchema> = T & { readonly $id: string }

export function named<T extends TSchema>($id: string, shape: T): NamedShape<T> {
  return Object.assign(shape, { $id })
}

/** A reference to a named shape. */
export function ref<T extends TSchema>(shape: NamedShape<T>) {
  return Type.Unsafe<Static<T>>({ $ref: `${shape.$id}#` })
}

export const IDShape = Type.String({
  format: 'id',
  description: '16 hexadecimal digits, never zero',
  examples: ['0a1b2c3d4e5f6071'],
})
export const TimeShape = Type.String({ description: 'RFC 3339, UTC', examples: ['2026-01-02T03:04:05.678Z'] })
/** A time as `TimeShape`, from milliseconds since 1970. */
export const timeOf = (ms: number): string => new Date(ms).toISOString()
export const StatusShape = Type.String({ description: '`active` or `inactive`', examples: ['active'] })

export const IDParams = Type.Object({ id: IDShape })

/** The part of a list that is asked for. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How many; 20 if not given' })),
  offset: Type.Optional(Type.Integer({ description: 'How many to leave out first' })),
  after: Type.Optional(Type.String({ format: 'id', description: 'Go on after this id' })),
  descending: Type.Optional(Type.Boolean()),
}

export const ErrorShape = named(
  'Error',
  Type.Object(
    {
      code: Type.String({
        description: 'The machine-readable error code',
        enum: [
          'internal error',
          'not implemented',
          'not found',
          'conflict',
          'invalid',
          'unprocessable entity',
          'empty value',
          'unavailable',
          'forbidden',
          'too many requests',
          'unauthorized',
          'method not allowed',
          'request too large',
          'unsupported media type',
        ],
      }),
      message: Type.String({ description: 'What is wrong, for a person' }),
      op: Type.Optional(Type.String({ description: 'The logical operation; only with error-details' })),
      error: Type.Optional(
        Type.String({
          description:
            'Only where a command line asks for its token: the reason as OAuth names it (RFC 8628, 3.5)',
        }),
      ),
      err: Type.Optional(Type.String({ description: 'The stack of causes; only with error-details' })),
    },
    { description: 'Every refusal and failure' },
  ),
)

/** The values of the header `X-Sluice-Reason`. */
export const ReasonShape = named(
  'Reason',
  Type.String({
    description: Object.entries(REASONS)
      .map(([reason, meaning]) => `- \`${reason}\`: ${meaning}`)
      .join('\n'),
    enum: Object.keys(REASONS),
  }),
)

const MEANING = {
  400: 'The request is invalid; the message says why',
  401: 'No credentials, or they do not reach this',
  403: 'The user is known and may not do this now',
  404: 'Something that the request names is not there',
  408: 'The body took too long to arrive',
  413: 'The body is too large',
  415: 'The encoding of the body is not understood',
  422: 'It is in conflict with what is there',
  429: 'Too many tries; the header Retry-After says when the next one counts',
  500: 'A failure inside',
  503: 'The server or its store cannot do it now; try again',
} as const
type ErrorStatus = keyof typeof MEANING

/** The statuses of every route that needs credentials: from authentication, its gates, and the guard against guessing. */
export const CREDENTIALS = [401, 403, 429] as const
/** The statuses of every route that reads a body. */
export const BODY = [400, 408, 413, 415] as const

type ErrorReference = ReturnType<typeof ref<typeof ErrorShape>>

/** For a route without statuses of its own: any error has this shape. */
export const anyError: { default: ErrorReference } = { default: ref(ErrorShape) }

/**
 * Builds the error responses of a route for the OpenAPI document: these statuses, and 500 and 503. List 404 only for a
 * missing resource: an unknown path (404) or method (405) has no route to list it.
 */
export function errors<S extends ErrorStatus>(
  ...statuses: readonly S[]
): Record<S | 500 | 503, ErrorReference> & typeof anyError {
  const answers = [...statuses, 500 as const, 503 as const].map((status) => [
    status,
    { ...ref(ErrorShape), description: MEANING[status] },
  ])
  return { ...Object.fromEntries(answers), ...anyError }
}

/** An answer without a body. */
export const NoContent = Type.Null({ description: 'Done; no body' })
