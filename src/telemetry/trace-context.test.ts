import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readTraceContext, type TraceContext, type TraceHeaders } from './trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${spanId}-01`
const zap = (span: unknown) => ({ 'zap-trace-span': JSON.stringify(span) })
const zapIDs = { trace_id: '05e3a2c1f4b60718', span_id: '0123456789abcdef' }
const readBaggage = (baggage: unknown) => readTraceContext(zap({ ...zapIDs, baggage }))?.baggage

function assertWellFormed(context: TraceContext | undefined) {
  if (context === undefined) return
  assert.match(context.traceId, /^(?!0{32})[0-9a-f]{32}$/)
  assert.match(context.spanId, /^(?!0{16})[0-9a-f]{16}$/)
  const entries = Object.entries(context.baggage)
  assert.ok(entries.length <= 64)
  for (const [key, value] of entries) assert.doesNotMatch(key + value, /[\p{Cc}\p{Zl}\p{Zp}]/u)
}

suite('traceparent that is not to be read', () => {
  const refused: Record<string, string> = {
    empty: '',
    'version ff': `ff-${traceId}-${spanId}-01`,
    'a trace id of zeros': `00-${'0'.repeat(32)}-${spanId}-01`,
    'a span id of zeros': `00-${traceId}-${'0'.repeat(16)}-01`,
    'upper case': traceparent.toUpperCase(),
    'a short trace id': `00-${traceId.slice(1)}-${spanId}-01`,
    'a long span id': `00-${traceId}-${spanId}0-01`,
    'no flags': `00-${traceId}-${spanId}`,
    'flags that are no hex': `00-${traceId}-${spanId}-0x`,
    'more after version 00': `${traceparent}-extra`,
    'one dash after version 00': `${traceparent}-`,
    'a later version that goes on without a dash': `01-${traceId}-${spanId}-01extra`,
    'two headers in one': `${traceparent}, ${traceparent}`,
    'a leading space': ` ${traceparent}`,
    'a line end': `${traceparent}\n`,
    'more than 8 KiB': `01-${traceId}-${spanId}-01-${'a'.repeat(8192)}`,
  }
  for (const [name, value] of Object.entries(refused))
    test(name, () => assert.equal(readTraceContext({ traceparent: value }), undefined))

  test('falls back to Zap-Trace-Span', () => {
    const context = readTraceContext({ traceparent: `ff-${traceId}-${spanId}-01`, ...zap(zapIDs) })
    assert.equal(context?.source, 'zap-trace-span')
  })
})

suite('Zap-Trace-Span that is not to be read', () => {
  const refused: Record<string, unknown> = {
    'no object': 'text',
    null: null,
    'an array': [zapIDs],
    'no ids': {},
    'no span id': { trace_id: zapIDs.trace_id },
    'a number as id': { ...zapIDs, trace_id: 1 },
    'an object as id': { ...zapIDs, span_id: { toString: 'x' } },
    'a short id': { ...zapIDs, trace_id: '1' },
    'a trace id of 24 digits': { ...zapIDs, trace_id: 'a'.repeat(24) },
    'a span id of 32 digits': { ...zapIDs, span_id: 'a'.repeat(32) },
    'a trace id of zeros': { ...zapIDs, trace_id: '0'.repeat(16) },
    'a span id of zeros': { ...zapIDs, span_id: '0'.repeat(16) },
    'an id with a line end': { ...zapIDs, span_id: `${zapIDs.span_id}\n` },
    'more than 8 KiB': { ...zapIDs, baggage: { key: 'a'.repeat(8192) } },
  }
  for (const [name, value] of Object.entries(refused))
    test(name, () => assert.equal(readTraceContext(zap(value)), undefined))

  for (const value of ['', '{', '{"trace_id":', '['.repeat(8000), `${JSON.stringify(zapIDs)}, {}`])
    test(`not JSON: ${value.slice(0, 20)}`, () =>
      assert.equal(readTraceContext({ 'zap-trace-span': value }), undefined))

  test('a value that is no string', () => {
    for (const value of [1, null, {}, [JSON.stringify(zapIDs)], Symbol('x')]) {
      const headers = { traceparent: value, 'zap-trace-span': value } as unknown as TraceHeaders
      assert.equal(readTraceContext(headers), undefined)
    }
  })
})

suite('hostile baggage', () => {
  test('what is no object is no baggage', () => {
    for (const baggage of ['text', 1, null, ['a', 'b'], undefined]) assert.deepEqual(readBaggage(baggage), {})
  })

  test('entries that could forge a log line are dropped', () => {
    const hostile = [
      'a\nb',
      'a\r\nlevel=error',
      'a\u0000',
      'a\u001b[2J',
      'a\u0085',
      'a\u2028b',
      '\u202eb',
      '\ud800',
    ]
    for (const text of hostile) {
      assert.deepEqual(readBaggage({ key: text, kept: 'yes' }), { kept: 'yes' })
      assert.deepEqual(readBaggage({ [text]: 'value', kept: 'yes' }), { kept: 'yes' })
    }
  })

  test('values that are no strings, empty keys, long keys and long values are dropped', () => {
    const baggage = {
      a: 1,
      b: null,
      c: {},
      d: [],
      e: true,
      '': 'x',
      ['k'.repeat(129)]: 'x',
      f: 'v'.repeat(1025),
    }
    assert.deepEqual(readBaggage({ ...baggage, kept: 'yes' }), { kept: 'yes' })
  })

  test('at most 64 entries are kept', () => {
    const baggage = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, 'v']))
    assert.equal(Object.keys(readBaggage(baggage) ?? {}).length, 64)
  })

  test('__proto__ neither changes a prototype nor is kept', () => {
    const ids = `"trace_id":"${zapIDs.trace_id}","span_id":"${zapIDs.span_id}"`
    const json = `{${ids},"__proto__":{"polluted":"1"},"baggage":{"__proto__":"x","constructor":"y"}}`
    const context = readTraceContext({ 'zap-trace-span': json })
    assert.equal(Object.getPrototypeOf(context?.baggage), Object.prototype)
    assert.deepEqual(Object.entries(context?.baggage ?? {}), [['constructor', 'y']])
    assert.equal((Object.prototype as Record<string, unknown>).polluted, undefined)
    const inherited = readTraceContext({ 'zap-trace-span': `{"__proto__":{${ids}}}` })
    assert.equal(inherited, undefined)
  })
})

suite('properties', () => {
  test('no string throws, and what is read is well formed', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.json())
    fc.assert(
      fc.property(text, text, text, (a, b, c) =>
        assertWellFormed(readTraceContext({ traceparent: a, tracestate: b, 'zap-trace-span': c })),
      ),
    )
  })

  test('no baggage throws, and what is kept is printable', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.anything()), (baggage) => {
        let header: string
        try {
          header = JSON.stringify({ ...zapIDs, baggage })
        } catch {
          return
        }
        assertWellFormed(readTraceContext({ 'zap-trace-span': header }))
      }),
    )
  })

  test('every traceparent of version 00 is read back', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 255 }), (trace, span, flags) => {
        fc.pre(/[^0]/.test(trace) && /[^0]/.test(span))
        const header = `00-${trace}-${span}-${flags.toString(16).padStart(2, '0')}`
        const context = readTraceContext({ traceparent: header })
        assert.deepEqual(context, {
          traceId: trace,
          spanId: span,
          sampled: flags % 2 === 1,
          baggage: {},
          source: 'traceparent',
        })
      }),
    )
  })
})

suite('what is read', () => {
  test('neither header', () => {
    assert.equal(readTraceContext({}), undefined)
    assert.equal(readTraceContext({ tracestate: 'vendor=1' }), undefined)
  })

  test('traceparent with tracestate', () => {
    assert.deepEqual(readTraceContext({ traceparent, tracestate: 'vendor=1,other=2' }), {
      traceId,
      spanId,
      sampled: true,
      baggage: {},
      source: 'traceparent',
      traceState: 'vendor=1,other=2',
    })
  })

  test('a tracestate that is empty, too long or unprintable is left out', () => {
    for (const tracestate of ['', 'a'.repeat(513), 'a=\u0007', 'a=é'])
      assert.equal('traceState' in (readTraceContext({ traceparent, tracestate }) ?? {}), false)
  })

  test('a later version is read as far as it is known', () => {
    for (const rest of ['', '-', '-what-the-future-brings']) {
      const context = readTraceContext({ traceparent: `cc-${traceId}-${spanId}-09${rest}` })
      assert.deepEqual([context?.traceId, context?.spanId, context?.sampled], [traceId, spanId, true])
    }
  })

  test('only the first flag says whether the caller samples', () => {
    assert.equal(readTraceContext({ traceparent: `00-${traceId}-${spanId}-02` })?.sampled, false)
    assert.equal(readTraceContext({ traceparent: `00-${traceId}-${spanId}-03` })?.sampled, true)
  })

  test('Zap-Trace-Span with a trace id of 16 digits, which is padded', () => {
    assert.deepEqual(readTraceContext(zap({ ...zapIDs, baggage: { key: 'value' } })), {
      traceId: `${'0'.repeat(16)}05e3a2c1f4b60718`,
      spanId: '0123456789abcdef',
      sampled: true,
      baggage: { key: 'value' },
      source: 'zap-trace-span',
    })
  })

  test('Zap-Trace-Span with 32 digits, upper case and no baggage', () => {
    const context = readTraceContext(zap({ trace_id: traceId.toUpperCase(), span_id: 'ABCDEFABCDEFABCD' }))
    assert.deepEqual([context?.traceId, context?.spanId], [traceId, 'abcdefabcdefabcd'])
    assert.deepEqual(context?.baggage, {})
  })

  test('a valid traceparent decides, and the baggage of Zap-Trace-Span comes along', () => {
    const both = readTraceContext({ traceparent, ...zap({ ...zapIDs, baggage: { tenant: 'münchen' } }) })
    assert.deepEqual([both?.traceId, both?.spanId, both?.source], [traceId, spanId, 'traceparent'])
    assert.deepEqual(both?.baggage, { tenant: 'münchen' })
    assert.deepEqual(readTraceContext({ traceparent, 'zap-trace-span': '{' })?.baggage, {})
  })
})
