import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readTraceContext, type TraceContext, type TraceHeaders } from './trace-context.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN_ID = '00f067aa0ba902b7'
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`
const zap = (span: unknown) => ({ 'zap-trace-span': JSON.stringify(span) })
const ZAP_IDS = { trace_id: '05e3a2c1f4b60718', span_id: '0123456789abcdef' }
const readBaggage = (baggage: unknown) => readTraceContext(zap({ ...ZAP_IDS, baggage }))?.baggage

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
    'version ff': `ff-${TRACE_ID}-${SPAN_ID}-01`,
    'a trace id of zeros': `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    'a span id of zeros': `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    'upper case': TRACEPARENT.toUpperCase(),
    'a short trace id': `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`,
    'a long span id': `00-${TRACE_ID}-${SPAN_ID}0-01`,
    'no flags': `00-${TRACE_ID}-${SPAN_ID}`,
    'flags that are no hex': `00-${TRACE_ID}-${SPAN_ID}-0x`,
    'more after version 00': `${TRACEPARENT}-extra`,
    'one dash after version 00': `${TRACEPARENT}-`,
    'a later version that goes on without a dash': `01-${TRACE_ID}-${SPAN_ID}-01extra`,
    'two headers in one': `${TRACEPARENT}, ${TRACEPARENT}`,
    'a leading space': ` ${TRACEPARENT}`,
    'a line end': `${TRACEPARENT}\n`,
    'more than 8 KiB': `01-${TRACE_ID}-${SPAN_ID}-01-${'a'.repeat(8192)}`,
  }
  for (const [name, value] of Object.entries(refused))
    test(name, () => assert.equal(readTraceContext({ traceparent: value }), undefined))

  test('falls back to Zap-Trace-Span', () => {
    const context = readTraceContext({ traceparent: `ff-${TRACE_ID}-${SPAN_ID}-01`, ...zap(ZAP_IDS) })
    assert.equal(context?.source, 'zap-trace-span')
  })
})

suite('Zap-Trace-Span that is not to be read', () => {
  const refused: Record<string, unknown> = {
    'no object': 'text',
    null: null,
    'an array': [ZAP_IDS],
    'no ids': {},
    'no span id': { trace_id: ZAP_IDS.trace_id },
    'a number as id': { ...ZAP_IDS, trace_id: 1 },
    'an object as id': { ...ZAP_IDS, span_id: { toString: 'x' } },
    'a short id': { ...ZAP_IDS, trace_id: '1' },
    'a trace id of 24 digits': { ...ZAP_IDS, trace_id: 'a'.repeat(24) },
    'a span id of 32 digits': { ...ZAP_IDS, span_id: 'a'.repeat(32) },
    'a trace id of zeros': { ...ZAP_IDS, trace_id: '0'.repeat(16) },
    'a span id of zeros': { ...ZAP_IDS, span_id: '0'.repeat(16) },
    'an id with a line end': { ...ZAP_IDS, span_id: `${ZAP_IDS.span_id}\n` },
    'more than 8 KiB': { ...ZAP_IDS, baggage: { key: 'a'.repeat(8192) } },
  }
  for (const [name, value] of Object.entries(refused))
    test(name, () => assert.equal(readTraceContext(zap(value)), undefined))

  for (const value of ['', '{', '{"trace_id":', '['.repeat(8000), `${JSON.stringify(ZAP_IDS)}, {}`])
    test(`not JSON: ${value.slice(0, 20)}`, () =>
      assert.equal(readTraceContext({ 'zap-trace-span': value }), undefined))

  test('a value that is no string', () => {
    for (const value of [1, null, {}, [JSON.stringify(ZAP_IDS)], Symbol('x')]) {
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
    const ids = `"trace_id":"${ZAP_IDS.trace_id}","span_id":"${ZAP_IDS.span_id}"`
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
          header = JSON.stringify({ ...ZAP_IDS, baggage })
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
    assert.deepEqual(readTraceContext({ traceparent: TRACEPARENT, tracestate: 'vendor=1,other=2' }), {
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      sampled: true,
      baggage: {},
      source: 'traceparent',
      traceState: 'vendor=1,other=2',
    })
  })

  test('a tracestate that is empty, too long or unprintable is left out', () => {
    for (const tracestate of ['', 'a'.repeat(513), 'a=\u0007', 'a=é'])
      assert.equal('traceState' in (readTraceContext({ traceparent: TRACEPARENT, tracestate }) ?? {}), false)
  })

  test('a later version is read as far as it is known', () => {
    for (const rest of ['', '-', '-what-the-future-brings']) {
      const context = readTraceContext({ traceparent: `cc-${TRACE_ID}-${SPAN_ID}-09${rest}` })
      assert.deepEqual([context?.traceId, context?.spanId, context?.sampled], [TRACE_ID, SPAN_ID, true])
    }
  })

  test('only the first flag says whether the caller samples', () => {
    assert.equal(readTraceContext({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-02` })?.sampled, false)
    assert.equal(readTraceContext({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-03` })?.sampled, true)
  })

  test('Zap-Trace-Span with a trace id of 16 digits, which is padded', () => {
    assert.deepEqual(readTraceContext(zap({ ...ZAP_IDS, baggage: { key: 'value' } })), {
      traceId: `${'0'.repeat(16)}05e3a2c1f4b60718`,
      spanId: '0123456789abcdef',
      sampled: true,
      baggage: { key: 'value' },
      source: 'zap-trace-span',
    })
  })

  test('Zap-Trace-Span with 32 digits, upper case and no baggage', () => {
    const context = readTraceContext(zap({ trace_id: TRACE_ID.toUpperCase(), span_id: 'ABCDEFABCDEFABCD' }))
    assert.deepEqual([context?.traceId, context?.spanId], [TRACE_ID, 'abcdefabcdefabcd'])
    assert.deepEqual(context?.baggage, {})
  })

  test('a valid traceparent decides, and the baggage of Zap-Trace-Span comes along', () => {
    const both = readTraceContext({
      traceparent: TRACEPARENT,
      ...zap({ ...ZAP_IDS, baggage: { tenant: 'münchen' } }),
    })
    assert.deepEqual([both?.traceId, both?.spanId, both?.source], [TRACE_ID, SPAN_ID, 'traceparent'])
    assert.deepEqual(both?.baggage, { tenant: 'münchen' })
    assert.deepEqual(readTraceContext({ traceparent: TRACEPARENT, 'zap-trace-span': '{' })?.baggage, {})
  })
})
