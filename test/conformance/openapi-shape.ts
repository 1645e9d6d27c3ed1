/** The structure of an OpenAPI 3.1.0 document (OAS 3.1.0, section 4.8), limited to the objects that ours uses. */

const TEXT = { type: 'string', minLength: 1 }
const ref = (name: string) => ({ $ref: `#/$defs/${name}` })
const mapOf = (items: object) => ({ type: 'object', additionalProperties: items })

/** An object with only these properties and extensions. */
function object(properties: Record<string, object>, required: readonly string[] = []) {
  return {
    type: 'object',
    properties,
    required,
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  }
}

const reference = object({ $ref: TEXT, summary: TEXT, description: TEXT }, ['$ref'])
const orReference = (shape: object) => ({ anyOf: [reference, shape] })

export const openApiShape = {
  ...object(
    {
      openapi: { const: '3.1.0' },
      info: object(
        {
          title: TEXT,
          summary: TEXT,
          description: TEXT,
          version: TEXT,
          license: object({ name: TEXT, identifier: TEXT, url: TEXT }, ['name']),
        },
        ['title', 'version'],
      ),
      servers: { type: 'array', minItems: 1, items: object({ url: TEXT, description: TEXT }, ['url']) },
      paths: { type: 'object', patternProperties: { '^/': ref('pathItem') }, additionalProperties: false },
      components: object({
        schemas: mapOf(ref('schema')),
        securitySchemes: mapOf(ref('securityScheme')),
      }),
      security: ref('security'),
      tags: { type: 'array', items: object({ name: TEXT, description: TEXT }, ['name']) },
    },
    ['openapi', 'info', 'paths'],
  ),
  $defs: {
    pathItem: object(
      Object.fromEntries(
        ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'].map((method) => [
          method,
          ref('operation'),
        ]),
      ),
    ),
    operation: object(
      {
        operationId: { type: 'string', pattern: '^[A-Za-z]+$' },
        summary: TEXT,
        description: TEXT,
        tags: { type: 'array', minItems: 1, items: TEXT },
        parameters: { type: 'array', items: ref('parameter'), uniqueItems: true },
        requestBody: orReference(
          object({ description: TEXT, content: ref('content'), required: { type: 'boolean' } }, ['content']),
        ),
        responses: {
          type: 'object',
          minProperties: 1,
          patternProperties: { '^([1-5]\\d\\d|[1-5]XX|default)$': ref('response') },
          additionalProperties: false,
        },
        security: ref('security'),
        deprecated: { type: 'boolean' },
      },
      ['operationId', 'summary', 'tags', 'responses'],
    ),
    parameter: orReference({
      ...object(
        {
          name: TEXT,
          in: { enum: ['query', 'header', 'path', 'cookie'] },
          description: TEXT,
          required: { type: 'boolean' },
          schema: ref('schema'),
          example: {},
        },
        ['name', 'in', 'schema'],
      ),
      anyOf: [
        { properties: { in: { enum: ['query', 'header', 'cookie'] } } },
        { properties: { required: { const: true } }, required: ['required'] },
      ],
    }),
    response: orReference(
      object(
        {
          description: TEXT,
          headers: mapOf(
            orReference(object({ description: TEXT, required: { type: 'boolean' }, schema: ref('schema') })),
          ),
          content: ref('content'),
          links: mapOf(
            orReference(
              object({ operationId: TEXT, parameters: mapOf({}), description: TEXT }, ['operationId']),
            ),
          ),
        },
        ['description'],
      ),
    ),
    content: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z]+/[a-z0-9.+-]+$' },
      additionalProperties: object({ schema: ref('schema'), example: {} }, ['schema']),
    },
    security: { type: 'array', items: mapOf({ type: 'array', items: TEXT }) },
    securityScheme: {
      type: 'object',
      required: ['type'],
      oneOf: [
        object(
          {
            type: { const: 'apiKey' },
            in: { enum: ['query', 'header', 'cookie'] },
            name: TEXT,
            description: TEXT,
          },
          ['in', 'name'],
        ),
        object({ type: { const: 'http' }, scheme: TEXT, bearerFormat: TEXT, description: TEXT }, ['scheme']),
      ],
    },
    schema: { $ref: 'https://json-schema.org/draft/2020-12/schema' },
  },
}
