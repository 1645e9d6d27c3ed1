/** The OpenAPI document, made from the shapes that the routes declare. */
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { addLinks, type DocumentedPaths } from './openapi-links.ts'
import { type AnsweredPaths, describeReasons } from './openapi-reasons.ts'

/** Operations whose body is optional; Fastify's plugin declares every body as required. */
const BODY_IS_OPTIONAL: ReadonlySet<string> = new Set(['PostAuthorizationsIDRotate'])

/** Registers the OpenAPI document. Must be called before the routes are registered. */
export async function registerOpenApi(
  app: FastifyInstance,
  { version, basePath }: { version: string; basePath: string },
): Promise<void> {
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
      servers: [{ url: basePath || '/' }],
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
    transformObject(made) {
      if (!('openapiObject' in made)) throw new Error('the document is one of OpenAPI 3')
      const document = made.openapiObject as DocumentedPaths
      for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
        const { requestBody, operationId } = operation
        if (requestBody && BODY_IS_OPTIONAL.has(operationId)) requestBody.required = false
      }
      addLinks(document)
      describeReasons(made.openapiObject as AnsweredPaths)
      return made.openapiObject
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  })
}
