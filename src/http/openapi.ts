/** The OpenAPI document, made from the shapes that the routes declare. */
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

/** Must be called before the routes are registered. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        version,
        description:
          "Sign-in, sessions, users, organizations, tokens and permissions: InfluxDB v2's identity API.",
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token TOKEN`' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'influxdb-oss-session' },
          basic: { type: 'http', scheme: 'basic' },
        },
      },
      security: [{ token: [] }, { bearer: [] }, { session: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  })
}
