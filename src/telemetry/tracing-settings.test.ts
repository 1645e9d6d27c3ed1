import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readTracingSettings, type TracingEnvironment } from './tracing-settings.ts'

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
const read = (env: TracingEnvironment = {}) => readTracingSettings({ ...ENDPOINT, ...env })

suite('tracing settings that are refused', () => {
  const secret = 'hunter2'
  for (const url of [
    `user:${secret}@collector`,
    `ftp://u:${secret}@collector`,
    `http://u:${secret}@[`,
    secret,
  ])
    test(`an endpoint such as ${url}, without showing it`, () => {
      for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])
        assert.throws(
          () => readTracingSettings({ [name]: url }),
          ({ message }: Error) => message.startsWith(name) && !message.includes(secret),
        )
    })

  test('a protocol that is not spoken', () => {
    assert.throws(() => read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }), /only http\/protobuf/)
    assert.throws(() => read({ OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' }), /only http\/protobuf/)
  })
})

suite('tracing is off', () => {
  test('without an endpoint, or with an empty one', () => {
    assert.equal(readTracingSettings({}), undefined)
    assert.equal(readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), undefined)
    assert.equal(readTracingSettings({ OTEL_SERVICE_NAME: 'sluice' }), undefined)
  })

  test('when it is switched off', () => {
    assert.equal(read({ OTEL_SDK_DISABLED: 'TRUE' }), undefined)
    assert.equal(read({ OTEL_TRACES_EXPORTER: 'none' }), undefined)
    assert.notEqual(read({ OTEL_SDK_DISABLED: 'yes', OTEL_TRACES_EXPORTER: 'otlp' }), undefined)
  })
})

suite('tracing settings', () => {
  test('by default', () => {
    assert.deepEqual(read(), {
      url: 'http://collector:4318/v1/traces',
      headers: {},
      timeoutMs: 10_000,
      compression: 'none',
      tlsFiles: {},
      resource: {},
      sampler: { kind: 'always_on', parentBased: true, ratio: 1 },
    })
  })

  test('the endpoint for traces is taken as it is', () => {
    const url = 'https://collector/custom?x=1'
    assert.equal(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url })?.url, url)
    assert.equal(
      readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' })?.url,
      'https://collector/otlp/v1/traces',
    )
  })

  test('headers of both variables, those for traces first, badly encoded ones left out', () => {
    const settings = read({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi==, x-tenant = a ,bad=%zz,=x,nothing',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=b',
    })
    assert.deepEqual(settings?.headers, { authorization: 'Basic YTpi==', 'x-tenant': 'b' })
  })

  test('the service name has its own variable', () => {
    const attributes = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,deployment.environment.name=test%2C1;2' }
    assert.deepEqual(read(attributes)?.resource, {
      'service.name': 'a',
      'deployment.environment.name': 'test,1;2',
    })
    assert.equal(read({ ...attributes, OTEL_SERVICE_NAME: 'b' })?.resource['service.name'], 'b')
  })

  test('an unusable time or compression is as good as none', () => {
    for (const value of ['', '0', '-1', 'soon', 'Infinity'])
      assert.equal(read({ OTEL_EXPORTER_OTLP_TIMEOUT: value })?.timeoutMs, 10_000)
    assert.equal(read({ OTEL_EXPORTER_OTLP_TIMEOUT: '250' })?.timeoutMs, 250)
    assert.equal(read({ OTEL_EXPORTER_OTLP_COMPRESSION: 'brotli' })?.compression, 'none')
    assert.equal(read({ OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip' })?.compression, 'gzip')
  })

  test('files for TLS', () => {
    const files = { OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem', OTEL_EXPORTER_OTLP_CLIENT_KEY: 'key.pem' }
    assert.deepEqual(read(files)?.tlsFiles, { ca: 'ca.pem', key: 'key.pem' })
  })

  test('samplers', () => {
    const sampler = (name: string, argument?: string) =>
      read({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument })?.sampler
    assert.deepEqual(sampler('always_off'), { kind: 'always_off', parentBased: false, ratio: 1 })
    assert.deepEqual(sampler('parentbased_traceidratio', '0.25'), {
      kind: 'traceidratio',
      parentBased: true,
      ratio: 0.25,
    })
    for (const argument of ['2', '-1', 'half'])
      assert.deepEqual(sampler('traceidratio', argument), {
        kind: 'traceidratio',
        parentBased: false,
        ratio: 1,
      })
    assert.deepEqual(sampler('unheard of'), { kind: 'always_on', parentBased: true, ratio: 1 })
  })
})
