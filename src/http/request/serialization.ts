import fastJsonStringify from 'fast-json-stringify'
import type { FastifySchema, FastifySerializerCompiler } from 'fastify'
import type { NamedShape } from './shapes.ts'

/**
 * Serializers from the shapes that routes declare: fast, and what a shape does not name is never sent. Each
 * shape is compiled once, for all routes that share it, when it is first needed.
 */
export function createSerializerCompiler(
  shared: readonly NamedShape[],
): FastifySerializerCompiler<FastifySchema> {
  const external = Object.fromEntries(shared.map((shape) => [shape.$id, shape]))
  const compiled = new Map<string, (data: unknown) => string>()
  return ({ schema }) => {
    const { $ref } = schema as { $ref?: string }
    // A description beside a reference does not change the serializer.
    const plain = $ref ? { $ref } : schema
    const key = $ref ?? JSON.stringify(schema)
    return (data) => {
      let serialize = compiled.get(key)
      if (!serialize) {
        serialize = fastJsonStringify(plain as object, { schema: external as never })
        compiled.set(key, serialize)
      }
      return serialize(data)
    }
  }
}
