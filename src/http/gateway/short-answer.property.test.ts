import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { readByNode } from './node-answers.ts'
import { createReadShortAnswer, type ShortAnswer } from './short-answer.ts'

const read = (text: string) => createReadShortAnswer()(Buffer.from(text, 'latin1'))

type Whole = Pick<ShortAnswer, 'status' | 'headers' | 'message'> & { readonly body: string }

/** What Node's own parser makes of it; undefined if it is no whole answer. */
function readWhole(text: string): Promise<Whole | undefined> {
  const { promise, resolve } = Promise.withResolvers<Whole | undefined>()
  let head: Omit<Whole, 'body'> | undefined
  let body = ''
  const socket = { pause() {}, resume() {} } as unknown as Socket
  const reading = readByNode(Buffer.from(text, 'latin1'), socket, {
    onHead: (status, headers, message) => {
      head = { status, headers, message }
    },
    onData: (chunk) => {
      body += chunk.toString('latin1')
    },
    onEnd: () => resolve(head && { ...head, body }),
    onBroken: () => resolve(undefined),
  })
  reading.end()
  return promise
}

const GOOD = [
  'HTTP/1.1 204 No Content\r\nX-Influxdb-Build: OSS\r\nX-Influxdb-Version: v2.8.0\r\nDate: Thu, 26 Nov 2026 12:00:00 GMT\r\n\r\n',
  'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 15\r\n\r\n{"code":"invalid"}'.slice(
    0,
    -3,
  ),
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\ncontent-length:0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
]
/** What makes two readers differ, if anything does. */
const PIECES = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    ' ',
    '\t',
    ':',
    '\0',
    '\x7f',
    '\xa0',
    ',',
    '0',
    '15',
    '+15',
    '0x5',
    '-1',
    '1e1',
  ],
  ...[
    'Content-Length: 3\r\n',
    'content-length: 0\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
  ],
  ...[
    'transfer-encoding: identity\r\n',
    ' folded\r\n',
    'Trailer: x\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.0',
  ],
  ...[
    'HTTP/1.1 100 Continue\r\n\r\n',
    '101',
    '304',
    '204',
    '200',
    '0\r\n\r\n',
    'Content-Length : 3\r\n',
    'Upgrade: x\r\n',
  ],
]

const mutated = fc
  .tuple(
    fc.constantFrom(...GOOD),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(4),
        fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([text, changes]) => {
    let changed = text
    for (const [place, removed, piece] of changes) {
      const at = Math.floor(place * changed.length)
      changed = changed.slice(0, at) + piece + changed.slice(at + removed)
    }
    return Buffer.from(changed, 'latin1').toString('latin1')
  })

/** Of lines that frame answers, with a body that often has the length they name. */
const composed = fc
  .record({
    status: fc.constantFrom(
      '200 OK',
      '204 No Content',
      '304 Not Modified',
      '400 Bad',
      '100 Continue',
      '101 Switch',
    ),
    lines: fc.array(
      fc.constantFrom(
        ...[
          'content-length: 3',
          'Content-Length:3 ',
          'content-length: 0',
          'content-length: 03',
          'content-length: 3, 3',
        ],
        ...[
          'transfer-encoding: chunked',
          'Transfer-Encoding: identity',
          'connection: close',
          'upgrade: x',
          'x: y',
        ],
        ...['trailer: x', 'x:\ty\t', 'x: \xe9', 'x y: z', ': z', 'x'],
      ),
      { maxLength: 3 },
    ),
    body: fc.constantFrom('', 'abc', '3\r\nabc\r\n0\r\n\r\n', '0\r\n\r\n', 'abcd'),
  })
  .map(
    ({ status, lines, body }) =>
      `HTTP/1.1 ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`,
  )

suite('a short answer', () => {
  test('is read as Node reads it, or left to Node', async () => {
    const outcomes = { read: 0, left: 0 }
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, composed), async (text) => {
        const short = read(text)
        if (!short) {
          outcomes.left += 1
          return
        }
        outcomes.read += 1
        const { status, headers, message, body } = short
        const mine = { status, headers, message, body: body?.toString('latin1') ?? '' }
        assert.deepEqual(mine, await readWhole(text), JSON.stringify(text))
      }),
      { numRuns: 3000, examples: GOOD.map((text) => [text]) },
    )
    assert.ok(outcomes.read > 100 && outcomes.left > 100, JSON.stringify(outcomes))
  })

  test('keeps its connection unless upstream says that it closes it, or soon', () => {
    const kept = (header: string) => read(`HTTP/1.1 204 No Content\r\n${header}\r\n`)?.isKept
    assert.equal(kept(''), true)
    assert.equal(kept('Connection: Keep-Alive\r\n'), true)
    assert.equal(kept('Connection: keep-alive\r\nKeep-Alive: timeout=5, max=10\r\n'), true)
    assert.equal(kept('Connection: close\r\n'), false)
    assert.equal(kept('Connection: keep-alive, close\r\n'), false)
    assert.equal(kept('Keep-Alive: timeout=2\r\n'), false)
    assert.equal(kept('Keep-Alive: x\r\n'), false)
  })

  test('is not one where anything comes behind it, or is missing', () => {
    for (const text of [
      'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n\n',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcd',
      'HTTP/1.1 200 OK\r\n\r\nabc',
      'HTTP/1.1 204 No Content\r\n',
      `HTTP/1.1 200 OK\r\ncontent-length: 20000\r\n\r\n${'a'.repeat(20_000)}`,
    ]) {
      assert.equal(read(text), undefined, text.slice(0, 60))
    }
  })

  test('is the same again for the same bytes, and another one for others', () => {
    const again = createReadShortAnswer()
    const [a, b] = ['a', 'b'].map((value) => Buffer.from(`HTTP/1.1 204 No Content\r\nx: ${value}\r\n\r\n`))
    assert.deepEqual(again(a as Buffer)?.headers, ['x', 'a'])
    assert.deepEqual(again(a as Buffer)?.headers, ['x', 'a'])
    assert.deepEqual(again(b as Buffer)?.headers, ['x', 'b'])
  })
})
