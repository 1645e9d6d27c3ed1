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

export const IdShape = Type.String({
  format: 'id',
  description: '16 hexadecimal digits, never zero',
  examples: ['0a1b2c3d4e5f6071'],
})
export const TimeShape = Type.String({ description: 'RFC 3339, UTC', examples: ['2026-01-02T03:04:05.678Z'] })
export const StatusShape = Type.String({ description: '`active` or `inactive`', examples: ['active'] })

export const IdParams = Type.Object({ id: IdShape })

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

/** What every route may answer besides what it is for. */
export const errors = { default: ref(ErrorShape) }

/** An answer without a body. */
export const NoContent = Type.Null({ description: 'Done; no body' })
