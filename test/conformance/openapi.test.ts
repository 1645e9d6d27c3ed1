/** The OpenAPI document, from which clients are generated, agrees with what the server does. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Received, send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import {
  closed,
  createBodyChecker,
  findOperation,
  formats,
  type OpenApi,
  operationsOf,
  referencesOf,
} from './openapi.ts'
import { openApiShape } from './openapi-shape.ts'
import { type Played, playStep, readScenarios, type Scenario } from './scenario.ts'
import { unrecorded } from './unrecorded.ts'

let server: RunningServer
let received: Received
let document: OpenApi

before(async () => {
  server = await startServer()
  received = await send(server.url, { method: 'GET', path: '/api/v2/openapi.json' })
  document = received.json
})
after(() => server.stop())

describe('the OpenAPI document', () => {
  test('is served as JSON without credentials', () => {
    assert.equal(received.status, 200)
    assert.equal(received.headers['content-type'], 'application/json; charset=utf-8')
  })

  test('has the structure of OpenAPI 3.1 and valid schemas', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
    assert.ok(ajv.validate(openApiShape, document), ajv.errorsText())
  })

  test('has no dangling references', () => {
    const references = referencesOf(document)
    assert.ok(references.length > 50)
    for (const reference of references) {
      const keys = reference.replace(/^#\//, '').split('/')
      const target = keys.reduce<unknown>((value, key) => (value as never)?.[key], document)
      assert.ok(reference.startsWith('#/') && target, reference)
    }
  })

  test('gives every operation a unique id', () => {
    const ids = operationsOf(document).map(({ operation }) => operation.operationId)
    assert.ok(ids.length > 40)
    assert.deepEqual(ids.toSorted(), [...new Set(ids)].toSorted())
  })

  test('declares the parameters of every path, and no others', () => {
    for (const { path, method, operation } of operationsOf(document)) {
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path')
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1])
      assert.deepEqual(declared.map(({ name }) => name).toSorted(), named.toSorted(), `${method} ${path}`)
    }
  })

  test('uses only security schemes that it defines', () => {
    const asked = [
      ...document.security,
      ...operationsOf(document).flatMap(({ operation }) => operation.security ?? []),
    ]
    for (const each of asked) {
      for (const name of Object.keys(each)) assert.ok(name in document.components.securitySchemes, name)
    }
  })

  test('declares the error response of every operation', () => {
    for (const { path, method, operation } of operationsOf(document)) {
      const [content] = Object.values(operation.responses.default?.content ?? {})
      assert.deepEqual(content?.schema, { $ref: '#/components/schemas/Error' }, `${method} ${path}`)
    }
  })

  test('links a created resource to the operations on it, and to no other operation', () => {
    const operations = operationsOf(document)
    const linked = operations.flatMap(({ operation }) =>
      Object.values(operation.responses['201']?.links ?? {}),
    )
    assert.equal(linked.length, 50)
    for (const { operationId, parameters } of linked) {
      const found = operations.find(({ operation }) => operation.operationId === operationId)
      const declared = (found?.operation.parameters ?? []).filter((each) => each.in === 'path')
      assert.deepEqual(Object.keys(parameters).toSorted(), declared.map(({ name }) => name).toSorted())
    }
  })

  test('declares for which operations the body is optional', () => {
    const optional = operationsOf(document).filter(
      ({ operation }) => operation.requestBody?.required === false,
    )
    assert.deepEqual(
      optional.map(({ operation }) => operation.operationId),
      ['PostAuthorizationsIDRotate'],
    )
  })

  test('has examples that match their schemas', () => {
    const ajv = new Ajv2020({ strict: false, formats })
    for (const each of schemasWithExamples(document)) {
      for (const example of each.examples) assert.ok(ajv.validate(each, example), JSON.stringify(each))
    }
  })
})

test('the structure check rejects what OpenAPI does not allow', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const validate = ajv.compile(openApiShape)
  const spoilt: [string, (copy: Mutable) => void][] = [
    ['an unknown version', (copy) => (copy.openapi = '4.0.0')],
    ['no title', (copy) => delete copy.info.title],
    ['an unknown key', (copy) => (copy.paths['/health'].get.answers = {})],
    ['a path without its slash', (copy) => (copy.paths.health = {})],
    [
      'no description of a response',
      (copy) => delete copy.paths['/health'].get.responses.default.description,
    ],
    ['an invalid status', (copy) => (copy.paths['/health'].get.responses['600'] = { description: 'x' })],
    [
      'an optional part of a path',
      (copy) => delete copy.paths['/api/v2/users/{id}'].get.parameters[0].required,
    ],
    ['an invalid type', (copy) => (copy.components.schemas.User.type = 'user')],
    ['an invalid media type', (copy) => (copy.paths['/ready'].get.responses['200'].content = { json: {} })],
  ]
  for (const [what, spoil] of spoilt) {
    const copy = structuredClone(document) as unknown as Mutable
    spoil(copy)
    assert.equal(validate(copy), false, what)
  }
})

describe('every request of the scenarios', () => {
  let played: Played[]
  before(async () => {
    played = (await Promise.all([...readScenarios(), unrecorded].map(playScenario))).flat()
  })

  test('is documented if a route answered it', () => {
    for (const { request, received } of played) {
      if (findOperation(document, request)) continue
      const { code, message } = received.json ?? {}
      const unanswered = message === 'path not found' || [401, 405].includes(received.status)
      const preflight = request.method === 'OPTIONS' && received.status === 204
      assert.ok(unanswered || preflight, `${request.method} ${request.path} is answered: ${code} ${message}`)
    }
  })

  test('has a response body with the documented fields and no others', () => {
    const { check } = createBodyChecker(document)
    let checked = 0
    for (const { request, received } of played) {
      const responses = findOperation(document, request)?.operation.responses
      if (!responses || request.method === 'HEAD') continue
      const response = responses[received.status] ?? responses.default
      const [content] = Object.values(response?.content ?? {})
      const problem = content
        ? check(content.schema, received.json)
        : received.text && 'a body is not documented'
      assert.equal(problem || undefined, undefined, `${request.method} ${request.path}: ${received.text}`)
      checked += 1
    }
    assert.ok(checked > 290, `${checked} answers were checked`)
  })

  test('has a documented status', () => {
    let checked = 0
    for (const { request, received } of played) {
      const found = findOperation(document, request)
      // Another method, or a trailing slash after sign-in or sign-out, is not an operation.
      if (!found || found.method !== request.method || /sign(in|out)\/$/.test(request.path)) continue
      const { operationId, responses } = found.operation
      assert.ok(responses[received.status], `${operationId}: ${received.status} ${received.text}`)
      checked += 1
    }
    assert.ok(checked > 290, `${checked} answers were checked`)
  })

  test('has a body that the document allows, if it was accepted', () => {
    const { check } = createBodyChecker(document)
    let checked = 0
    for (const { request, received } of played) {
      const content = findOperation(document, request)?.operation.requestBody?.content['application/json']
      if (!content || received.status >= 300 || request.json === undefined || request.json === null) continue
      assert.equal(check(content.schema, request.json), undefined, `${request.method} ${request.path}`)
      checked += 1
    }
    assert.ok(checked > 75, `${checked} requests were checked`)
  })

  test('together covers all documented operations', () => {
    const covered = new Set(played.map(({ request }) => findOperation(document, request)?.operation))
    const missing = operationsOf(document).filter(({ operation }) => !covered.has(operation))
    assert.deepEqual(
      missing.map(({ method, path }) => `${method} ${path}`),
      [],
    )
  })
})

test('the check of bodies rejects undocumented fields', () => {
  const { check } = createBodyChecker(document)
  const schema = { $ref: '#/components/schemas/Users' }
  const user = { id: '0a1b2c3d4e5f6071', name: 'ada', status: 'active', links: { self: '' } }
  assert.equal(check(schema, { links: { self: '' }, users: [user] }), undefined)
  assert.match(
    check(schema, { links: { self: '' }, users: [{ ...user, password: 'x' }] }) ?? '',
    /additional/,
  )
  assert.match(check(schema, { links: { self: '' }, users: [{ ...user, id: 'x' }] }) ?? '', /format/)
  assert.deepEqual(closed({ type: 'object', additionalProperties: true }), {
    type: 'object',
    additionalProperties: true,
  })
})

// biome-ignore lint/suspicious/noExplicitAny: the test makes it invalid in many ways
type Mutable = any

async function playScenario({ steps }: Scenario): Promise<Played[]> {
  const own = await startServer()
  try {
    const saved = new Map<string, string>()
    const played: Played[] = []
    for (const step of steps) played.push(await playStep(own.url, step, saved))
    return played
  } finally {
    await own.stop()
  }
}

function schemasWithExamples(value: unknown): { examples: unknown[] }[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(schemasWithExamples)
  return 'examples' in value ? [value as { examples: unknown[] }, ...inside] : inside
}
