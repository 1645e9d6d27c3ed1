import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readTraceContext } from './trace-context.ts'
import { startTracing, type TracingDeps } from './tracing.ts'
import type { TracingEnvironment } from './tracing-settings.ts'

const start = (env: TracingEnvironment, deps: Partial<TracingDeps> = {}) =>
  startTracing({
    env,
    serviceName: 'sluice',
    serviceVersion: '1.2.3',
    onError: (message) => assert.fail(message),
    ...deps,
  })

/** A collector that keeps what it is sent, on a free port. */
async function receive(t: TestContext, answer = 200) {
  const received: { url: string; headers: Record<string, unknown>; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { url = '', headers } = request
    received.push({ url, headers, body: headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body })
    if (answer > 0) response.writeHead(answer, { 'content-type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { received, endpoint, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } }
}

/** The fields of a protobuf message, by number: length-delimited ones as bytes, the rest as numbers. */
function decode(message: Buffer) {
  const bytes: Record<number, Buffer[]> = {}
  const numbers: Record<number, number> = {}
  let at = 0
  const varint = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = message.readUInt8(at++)
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const field = tag >> 3
    if ((tag & 7) === 0) numbers[field] = varint()
    else {
      const length = (tag & 7) === 2 ? varint() : (tag & 7) === 1 ? 8 : 4
      bytes[field] ??= []
      bytes[field].push(message.subarray(at, at + length))
      at += length
    }
  }
  return {
    numbers,
    all: (field: number) => bytes[field] ?? [],
    one: (field: number) => bytes[field]?.[0] ?? Buffer.of(),
  }
}

/** Of an ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto): its spans and its resource. */
function decodeExport(body: Buffer) {
  const resourceSpans = decode(decode(body).one(1))
  const attributes = (keyValues: Buffer[]) =>
    Object.fromEntries(
      keyValues.map((keyValue) => {
        const value = decode(decode(keyValue).one(2))
        return [`${decode(keyValue).one(1)}`, value.numbers[3] ?? `${value.one(1)}`]
      }),
    )
  const spans = decode(resourceSpans.one(2))
    .all(2)
    .map((bytes) => {
      const span = decode(bytes)
      return {
        traceId: span.one(1).toString('hex'),
        spanId: span.one(2).toString('hex'),
        parentSpanId: span.one(4).toString('hex'),
        name: `${span.one(5)}`,
        kind: span.numbers[6],
        attributes: attributes(span.all(9)),
        statusCode: decode(span.one(15)).numbers[3],
      }
    })
  return { resource: attributes(decode(resourceSpans.one(1)).all(1)), spans }
}

suite('tracing that is off', () => {
  // First in this file: a package that has been loaded once is not resolved again.
  test('loads nothing and is undefined', async (t) => {
    const resolved: string[] = []
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith('@opentelemetry/')) resolved.push(specifier)
        return next(specifier, context)
      },
    })
    t.after(() => hooks.deregister())
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
    assert.equal(await start({}), undefined)
    assert.equal(await start({ OTEL_SERVICE_NAME: 'sluice' }), undefined)
    assert.equal(await start({ ...env, OTEL_SDK_DISABLED: 'true' }), undefined)
    assert.equal(resolved.length, 0)

    const tracing = await start(env)
    assert.ok(resolved.includes('@opentelemetry/sdk-trace'), 'the hook sees what is loaded')
    await tracing?.shutdown()
  })

  test('settings that cannot be used are reported, and the server starts', async () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:9' }
    const unusable: TracingEnvironment[] = [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { ...endpoint, OTEL_EXPORTER_OTLP_CERTIFICATE: 'no-such-file.pem' },
    ]
    for (const env of unusable) {
      const messages: string[] = []
      assert.equal(await start(env, { onError: (message) => messages.push(message) }), undefined)
      assert.equal(messages.length, 1)
      assert.match(messages[0] ?? '', /^tracing is off: /)
    }
  })
})

suite('a collector that fails', () => {
  const failing = async (env: TracingEnvironment, deps: Partial<TracingDeps> = {}) => {
    const messages: string[] = []
    const tracing = await start(env, { onError: (message) => messages.push(message), ...deps })
    for (let count = 0; count < 1500; count++)
      tracing?.startRequestSpan({ name: 'GET', attributes: {} }).end({ status: 200, route: undefined })
    await tracing?.shutdown()
    return messages
  }

  test('that is not there is reported once', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '300' }
    const messages = await failing(env)
    assert.equal(messages.length, 1)
    assert.match(messages[0] ?? '', /^trace export failed: .*ECONNREFUSED/)
  })

  test('that refuses is reported once', async (t) => {
    const { env, received } = await receive(t, 401)
    assert.deepEqual(await failing(env), ['trace export failed: Unauthorized, 401'])
    assert.ok(received.length > 1)
  })

  test('that does not answer does not hold up the end', async (t) => {
    const { env } = await receive(t, 0)
    const messages = await failing({ ...env, OTEL_EXPORTER_OTLP_TIMEOUT: '1500' }, { shutdownTimeoutMs: 50 })
    assert.deepEqual(messages, ['trace export failed: not finished 50 ms after the end'])
  })

  test('does not come back through a log that throws, nor through spans that end late', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '50' }
    const tracing = await start(env, { onError: () => assert.fail('the log is full') })
    const late = tracing?.startRequestSpan({ name: 'GET', attributes: {} })
    tracing?.startRequestSpan({ name: 'GET', attributes: {} }).end({ status: 200, route: undefined })
    await tracing?.shutdown()
    late?.child('step').end()
    late?.end({ status: 200, route: undefined })
    await tracing?.shutdown()
  })
})

suite('tracing', () => {
  test('a request is exported as a child of the span in Zap-Trace-Span', async (t) => {
    const { env, received } = await receive(t)
    const tracing = await start(env)
    assert.ok(tracing)
    const span = tracing.startRequestSpan({
      name: 'GET',
      parent: readTraceContext({
        'zap-trace-span':
          '{"trace_id":"05e3a2c1f4b60718","span_id":"0123456789abcdef","baggage":{"key":"value"}}',
      }),
      attributes: {
        'http.request.method': 'GET',
        'url.path': '/api/v2/users/1?secret=hunter2',
        'user_agent.original': 'u'.repeat(5000),
        'client.address': '192.0.2.1',
      },
    })
    span.child('read user').end()
    span.end({ status: 503, route: '/api/v2/users/:id' })
    await tracing.shutdown()

    assert.equal(received.length, 1)
    assert.equal(received[0]?.url, '/v1/traces')
    assert.equal(received[0]?.headers['content-type'], 'application/x-protobuf')
    const { spans, resource } = decodeExport(received[0]?.body ?? Buffer.of())
    const [child, request] = spans
    assert.deepEqual(request, {
      traceId: `${'0'.repeat(16)}05e3a2c1f4b60718`,
      spanId: span.spanId,
      parentSpanId: '0123456789abcdef',
      name: 'GET /api/v2/users/:id',
      kind: 2,
      attributes: {
        'http.request.method': 'GET',
        'url.path': '/api/v2/users/1',
        'user_agent.original': 'u'.repeat(1024),
        'client.address': '192.0.2.1',
        'baggage.key': 'value',
        'http.response.status_code': 503,
        'http.route': '/api/v2/users/:id',
        'error.type': '503',
      },
      statusCode: 2,
    })
    assert.equal(span.traceId, request?.traceId)
    assert.deepEqual(
      [child?.name, child?.traceId, child?.parentSpanId],
      ['read user', span.traceId, span.spanId],
    )
    assert.equal(resource['service.name'], 'sluice')
    assert.equal(resource['service.version'], '1.2.3')
    assert.equal(resource['telemetry.sdk.language'], 'nodejs')
  })

  test('the standard variables are followed', async (t) => {
    const { endpoint, received } = await receive(t)
    const tracing = await start({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/custom`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'gate',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=ignored,deployment.environment.name=test',
    })
    tracing?.startRequestSpan({ name: 'GET', attributes: {} }).end({ status: 204, route: undefined })
    await tracing?.shutdown()
    assert.equal(received[0]?.url, '/custom')
    assert.equal(received[0]?.headers.authorization, 'Bearer x')
    const { resource } = decodeExport(received[0]?.body ?? Buffer.of())
    assert.equal(resource['service.name'], 'gate')
    assert.equal(resource['deployment.environment.name'], 'test')
  })

  test('sampling follows the caller, and the sampler where there is none', async (t) => {
    const { env, received } = await receive(t)
    const tracing = await start({ ...env, OTEL_TRACES_SAMPLER: 'parentbased_always_off' })
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0'
    for (const parent of [undefined, `${traceparent}0`, `${traceparent}1`].map((header) =>
      readTraceContext({ traceparent: header }),
    ))
      tracing
        ?.startRequestSpan({ name: 'GET', parent, attributes: {} })
        .end({ status: 200, route: undefined })
    await tracing?.shutdown()
    assert.equal(received.length, 1)
    assert.equal(decodeExport(received[0]?.body ?? Buffer.of()).spans.length, 1)
  })
})
