/** Generates requests to documented operations, from sensible to absurd. */
import { gzipSync } from 'node:zlib'
import fc, { type Arbitrary } from 'fast-check'
import type { FoundOperation } from '../conformance/openapi.ts'

export interface GeneratedRequest {
  readonly operation: FoundOperation
  readonly method: string
  readonly path: string
  readonly who: 'operator' | 'session' | 'nobody'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
}

/** Placeholders for the ids of resources that may be changed and deleted; filled in when a request is sent. */
export const NAMES = {
  org: '{{org}}',
  user: '{{user}}',
  bucket: '{{bucket}}',
  authorization: '{{authorization}}',
}
const IDS = Object.values(NAMES)

type Schema = Readonly<{
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  $ref?: string
}>

const HOSTILE = [
  ...[
    '',
    ' ',
    '\n',
    '\u0000',
    '\ud800',
    '\u202eabc',
    '💥',
    '_own',
    '__proto__',
    'constructor',
    '%',
    '%00',
    '../..',
  ],
  ...["'; drop table users; --", '"', '\\', '{{id}}', 'null', 'NaN', '-1', '1e400', 'x'.repeat(5000)],
] as const
const LIKELY = [
  'active',
  'inactive',
  'read',
  'write',
  'buckets',
  'orgs',
  'users',
  'instance',
  'a good password',
] as const
const NUMBERS = [-1, 0, 1, 0.5, 1e21, 1e308, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 3600, 86_400] as const

/** Plausible values for fields of that name, so that not every request fails the first check. */
function sensible(name: string): readonly string[] | undefined {
  const values: Readonly<Record<string, readonly string[]>> = {
    orgID: [NAMES.org],
    userID: [NAMES.user],
    id: IDS,
    status: ['active', 'inactive'],
    action: ['read', 'write'],
    type: ['buckets', 'orgs', 'users'],
    password: ['a good password'],
  }
  return Object.hasOwn(values, name) ? values[name] : undefined
}

const text = fc.oneof(
  fc.constantFrom(...IDS),
  fc.constantFrom(...LIKELY),
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^[0-9a-fA-F]{15,17}$/),
)
const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

/** A value that matches the schema, occasionally one that does not. */
function arbitraryOf(schema: Schema, name = ''): Arbitrary<unknown> {
  const right = {
    object: () => objectOf(schema),
    array: () => arrayOf(schema),
    integer: () => number,
  }
  const fitting = right[schema.type as keyof typeof right]?.() ?? text
  const usual = sensible(name)
  return fc.oneof(
    { weight: 4, arbitrary: fitting },
    { weight: usual ? 20 : 0, arbitrary: fc.constantFrom(...(usual ?? [''])) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  )
}

function objectOf({ properties = {} }: Schema): Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, each]) => [name, arbitraryOf(each, name)] as const)
  const fields = Object.fromEntries(values)
  return fc.oneof(fc.record(fields), fc.record(fields, { requiredKeys: [] }))
}

function arrayOf({ items = {} }: Schema): Arbitrary<unknown> {
  return fc.array(arbitraryOf(items), { maxLength: 3 })
}

function bodyOf(schema: Schema | undefined): Arbitrary<string | Buffer | undefined> {
  const json = (schema ? arbitraryOf(schema) : fc.jsonValue()).map((value) => JSON.stringify(value))
  return fc.oneof(
    { weight: 12, arbitrary: json },
    { weight: 1, arbitrary: json.map((value) => value.slice(0, -1)) },
    { weight: 1, arbitrary: json.map((value) => gzipSync(value)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '[]',
        '{',
        '"',
        `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
        `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
      ),
    },
    { weight: 2, arbitrary: fc.constant(undefined) },
  )
}

/** Any characters that may occur in a path or a query. */
const encoded = text.map((value) => encodeURIComponent(value.toWellFormed()))
const odd = fc.constantFrom('%', '%ff', '%2', '%2F', '%2e%2e', '..', '.', ';', '*', '~', ':id')
const KINDS = {
  orgs: NAMES.org,
  users: NAMES.user,
  buckets: NAMES.bucket,
  authorizations: NAMES.authorization,
}

/** A path for the template, usually with the id of an existing resource. */
function pathOf(template: string): Arbitrary<string> {
  const kind = KINDS[template.split('/')[3] as keyof typeof KINDS] ?? NAMES.user
  const parts = template.split(/(\{\w+\})/).map((part) => {
    if (!part.startsWith('{')) return fc.constant(part)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant(part === '{userID}' ? NAMES.user : kind) },
      { weight: 2, arbitrary: fc.constantFrom(...IDS) },
      { weight: 2, arbitrary: encoded },
      { weight: 1, arbitrary: odd },
    )
  })
  return fc.tuple(...parts).map((each) => each.join(''))
}

function queryOf(names: readonly string[]): Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom('limit', 'offset', ...names), encoded)
  const value = fc.oneof(number.map(String), encoded, fc.constantFrom('true', 'false', '%', '%ff', '&', '='))
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 4 })
  return pairs.map((each) => (each.length > 0 ? `?${each.map((pair) => pair.join('=')).join('&')}` : ''))
}

/** What Node accepts in a header: no control characters, nothing beyond Latin-1. */
const headerText = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff })), {
    maxLength: 40,
  })
  .map((codes) => String.fromCharCode(...codes))
const headers = fc.record(
  {
    'content-type': fc.oneof(
      headerText,
      fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', ';'),
    ),
    origin: headerText,
    accept: headerText,
    traceparent: fc.oneof(headerText, fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')),
    'zap-trace-span': fc.oneof(headerText, fc.json()),
    'user-agent': headerText,
    'x-forwarded-for': headerText,
    'x-http-method-override': fc.constantFrom('DELETE', 'GET'),
  },
  { requiredKeys: [] },
)

/** Rarely set, because the body hardly ever matches what these headers claim. */
const contentEncoding = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      'content-encoding': fc.constantFrom('gzip', 'identity', 'br', 'GZIP', '', 'gzip, gzip'),
    }),
  },
)

/** Credentials that belong to no user; valid ones are added when a request is sent. */
const noCredentials = fc.record(
  {
    authorization: fc.oneof(
      headerText,
      headerText.map((value) => `Token ${value}`),
      headerText.map((value) => `Basic ${Buffer.from(value, 'latin1').toString('base64')}`),
    ),
    cookie: fc.oneof(
      headerText,
      headerText.map((value) => `influxdb-oss-session=${value}`),
    ),
  },
  { requiredKeys: [] },
)

/** Requests to these operations. */
export function arbitraryRequest(operations: readonly FoundOperation[]): Arbitrary<GeneratedRequest> {
  return fc.constantFrom(...operations).chain((found) => {
    const { parameters = [], requestBody } = found.operation
    const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name)
    return fc
      .record({
        target: fc.tuple(pathOf(found.path), queryOf(names)).map(([path, query]) => path + query),
        method: fc.oneof(
          { weight: 12, arbitrary: fc.constant(found.method) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'),
          },
        ),
        who: fc.constantFrom('operator' as const, 'operator' as const, 'session' as const, 'nobody' as const),
        headers,
        contentEncoding,
        noCredentials,
        body: bodyOf(requestBody?.content['application/json']?.schema),
      })
      .map(({ target, noCredentials, contentEncoding, ...rest }) => ({
        ...rest,
        operation: found,
        path: target,
        headers: { ...rest.headers, ...contentEncoding, ...(rest.who === 'nobody' ? noCredentials : {}) },
      }))
  })
}
