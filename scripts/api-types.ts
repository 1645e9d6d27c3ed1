/** Generates TypeScript types from an OpenAPI 3.1 document, in the form that openapi-fetch uses. */

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly items?: Schema
}
interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header' | 'cookie'
  readonly required?: boolean
  readonly schema: Schema
}
interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}
interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, Body>>
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const PLACES = ['query', 'header', 'path', 'cookie'] as const

/** The whole module as text. */
export function writeApiTypes({ paths, components }: OpenApiDocument): string {
  const written = Object.entries(paths).map(([path, operations]) => {
    const methods = METHODS.map((method) => {
      const operation = operations[method]
      return operation ? `${method}: ${operationType(operation)}` : `${method}?: never`
    })
    return `  ${quote(path)}: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; ${methods.join('; ')} }`
  })
  const schemas = Object.entries(components.schemas).map(([name, schema]) => `    ${name}: ${typeOf(schema)}`)
  return [
    '// Written from the OpenAPI document by `npm run api`; not to be changed by hand.',
    `export interface paths {\n${written.join('\n')}\n}`,
    `export interface components {\n  schemas: {\n${schemas.join('\n')}\n  }\n}`,
    '',
  ].join('\n')
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const places = PLACES.map((place) => {
    const here = parameters.filter((each) => each.in === place)
    if (here.length === 0) return `${place}?: never`
    const optional = here.every((each) => !each.required) ? '?' : ''
    const fields = here.map(
      ({ name, required, schema }) => `${quote(name)}${required ? '' : '?'}: ${typeOf(schema)}`,
    )
    return `${place}${optional}: { ${fields.join('; ')} }`
  })
  const body = requestBody ? `requestBody: { ${contentOf(requestBody)} }` : 'requestBody?: never'
  const answers = Object.entries(responses).map(([status, answer]) => {
    return `${status}: { headers: { [name: string]: unknown }; ${contentOf(answer)} }`
  })
  return `{ parameters: { ${places.join('; ')} }; ${body}; responses: { ${answers.join('; ')} } }`
}

function contentOf({ content = {} }: Body): string {
  const media = Object.entries(content).map(([type, { schema }]) => `${quote(type)}: ${typeOf(schema)}`)
  return media.length > 0 ? `content: { ${media.join('; ')} }` : 'content?: never'
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return `components['schemas'][${quote(schema.$ref.split('/').at(-1) ?? '')}]`
  if (schema.enum) return schema.enum.map(quote).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `(${typeOf(schema.items ?? {})})[]`
    case 'object':
      return objectType(schema)
    default:
      return 'unknown'
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, each]) => `${quote(name)}${required.includes(name) ? '' : '?'}: ${typeOf(each)}`,
  )
  if (additionalProperties === true) fields.push('[name: string]: unknown')
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`
}

const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`
