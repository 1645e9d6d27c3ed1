import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as api from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { SluiceError } from '../domain/base/errors.ts'
import { createRequestSpans } from './request-span.ts'
import type { TraceContext } from './trace-context.ts'

const PARENT: TraceContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  sampled: true,
  baggage: {},
  source: 'traceparent',
}

function setUp() {
  const ended: ReadableSpan[] = []
  const resolved = () => Promise.resolve()
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [
      { onStart() {}, onEnd: (span) => ended.push(span), forceFlush: resolved, shutdown: resolved },
    ],
  })
  return { ended, startSpan: createRequestSpans({ api, tracer: provider.getTracer('test') }) }
}

suite('request spans keep to themselves', () => {
  test('query strings and whole URLs', () => {
    const { ended, startSpan } = setUp()
    for (const path of [
      '/api/v2/signin?password=hunter2',
      '/api/v2/signin#hunter2',
      '/api/v2/signin?a\nhunter2',
    ])
      startSpan({
        name: 'GET',
        attributes: { 'url.path': path, 'url.query': 'p=hunter2', 'url.full': 'http://h/?p=hunter2' },
      }).end({ status: 200, route: undefined })
    for (const { attributes } of ended)
      assert.deepEqual(attributes, { 'url.path': '/api/v2/signin', 'http.response.status_code': 200 })
    assert.equal(ended.length, 3)
  })

  test('messages and causes of errors', () => {
    const { ended, startSpan } = setUp()
    const span = startSpan({ name: 'GET', attributes: {} })
    span.child('store').end(new Error('hunter2', { cause: 'hunter2' }))
    span.end({ status: 503, route: '/', error: new SluiceError('unavailable', 'hunter2') })
    for (const { attributes, events, status } of ended)
      assert.doesNotMatch(JSON.stringify({ attributes, events, status }), /hunter2/)
    assert.deepEqual(
      ended.map(({ attributes }) => attributes['error.type']),
      ['Error', 'unavailable'],
    )
  })

  test('a method that a client made up does not become a name', () => {
    const { ended, startSpan } = setUp()
    startSpan({ name: 'HTTP', attributes: { 'http.request.method': 'EVIL' } }).end({
      status: 405,
      route: '/me',
    })
    assert.equal(ended[0]?.name, 'HTTP /me')
    assert.equal(ended[0]?.attributes['http.request.method'], '_OTHER')
    assert.equal(ended[0]?.attributes['http.request.method_original'], 'EVIL')
  })

  test('baggage does not pass for an attribute of ours', () => {
    const { ended, startSpan } = setUp()
    const attributes = { 'client.address': '192.0.2.1' }
    const baggage = { 'client.address': '203.0.113.9', tenant: 'a' }
    startSpan({ name: 'GET', parent: { ...PARENT, baggage }, attributes }).end({
      status: 200,
      route: undefined,
    })
    assert.deepEqual(ended[0]?.attributes, {
      'client.address': '192.0.2.1',
      'baggage.client.address': '203.0.113.9',
      'baggage.tenant': 'a',
      'http.response.status_code': 200,
    })
  })
})

suite('request spans', () => {
  test('ending twice changes nothing', () => {
    const { ended, startSpan } = setUp()
    const span = startSpan({ name: 'GET', attributes: {} })
    const child = span.child('step')
    child.end()
    child.end(new Error('late'))
    span.end({ status: 200, route: undefined })
    span.end({ status: 500, route: '/' })
    assert.deepEqual(
      ended.map(({ status }) => status.code),
      [api.SpanStatusCode.UNSET, api.SpanStatusCode.UNSET],
    )
  })

  test('a caller that does not sample is followed, with its trace id', () => {
    const { ended, startSpan } = setUp()
    const span = startSpan({ name: 'GET', parent: { ...PARENT, sampled: false }, attributes: {} })
    span.child('step').end()
    span.end({ status: 200, route: undefined })
    assert.equal(span.traceId, PARENT.traceId)
    assert.match(span.spanId, /^[0-9a-f]{16}$/)
    assert.equal(ended.length, 0)
  })

  test('a span without a caller begins a trace', () => {
    const { ended, startSpan } = setUp()
    const span = startSpan({ name: 'GET', attributes: {} })
    span.end({ status: 200, route: undefined })
    assert.match(span.traceId, /^(?!0{32})[0-9a-f]{32}$/)
    assert.equal(ended[0]?.parentSpanContext, undefined)
    assert.equal(ended[0]?.name, 'GET')
  })

  test('a span is a child of its caller, and a step is a child of it', () => {
    const { ended, startSpan } = setUp()
    const span = startSpan({
      name: 'GET',
      parent: { ...PARENT, traceState: 'vendor=1' },
      attributes: { 'http.request.method': 'GET', 'url.path': '/api/v2/users/1' },
    })
    span.child('hash password', { attempt: 1 }).end()
    span.end({ status: 200, route: '/api/v2/users/:id' })
    const [step, request] = ended
    assert.equal(request?.name, 'GET /api/v2/users/:id')
    assert.equal(request?.kind, api.SpanKind.SERVER)
    assert.equal(request?.spanContext().traceId, PARENT.traceId)
    assert.equal(request?.spanContext().traceState?.serialize(), 'vendor=1')
    assert.equal(request?.parentSpanContext?.spanId, PARENT.spanId)
    assert.deepEqual(request?.attributes, {
      'http.request.method': 'GET',
      'url.path': '/api/v2/users/1',
      'http.response.status_code': 200,
      'http.route': '/api/v2/users/:id',
    })
    assert.equal(step?.kind, api.SpanKind.INTERNAL)
    assert.equal(step?.spanContext().traceId, PARENT.traceId)
    assert.equal(step?.parentSpanContext?.spanId, span.spanId)
    assert.deepEqual(step?.attributes, { attempt: 1 })
  })

  test('only a 5xx is a failure of the server', () => {
    const { ended, startSpan } = setUp()
    for (const status of [204, 401, 499, 500, 503])
      startSpan({ name: 'GET', attributes: {} }).end({
        status,
        route: undefined,
        error: status < 500 ? new Error('refused') : undefined,
      })
    assert.deepEqual(
      ended.map((span) => [span.status.code, span.attributes['error.type']]),
      [
        [api.SpanStatusCode.UNSET, undefined],
        [api.SpanStatusCode.UNSET, undefined],
        [api.SpanStatusCode.UNSET, undefined],
        [api.SpanStatusCode.ERROR, '500'],
        [api.SpanStatusCode.ERROR, '503'],
      ],
    )
  })
})
