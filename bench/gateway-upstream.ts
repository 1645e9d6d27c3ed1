/**
 * Stands in for each kind of upstream (`node gateway-upstream.ts PORT INFLUXD_URL`): takes writes, answers every query with 100 MB in
 * chunks, and passes all else on to the stand-in of the tests. It reads HTTP only as far as a proxy under measurement
 * writes it, because on the core of the load it must cost less than what it measures.
 */
import { createServer, type Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')
const WRITTEN = Buffer.from('HTTP/1.1 204 No Content\r\nX-Influxdb-Version: v2.8.0\r\nDate: x\r\n\r\n')
const QUERY_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n'
const CHUNK_BYTES = 65_536
export const ANSWER_CHUNKS = 1600
const ROW = ',,0,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2026-01-01T12:00:00Z,12.5,usage,cpu,server01\r\n'
const CONTENT = ROW.repeat(Math.ceil(CHUNK_BYTES / ROW.length)).slice(0, CHUNK_BYTES)
const CHUNK = Buffer.from(`${CHUNK_BYTES.toString(16)}\r\n${CONTENT}\r\n`)
const EMPTY = Buffer.alloc(0)
const [, , port, influxd = ''] = process.argv

/** A request that is not measured. */
interface Other {
  readonly line: string
  readonly authorization: string
  body: Buffer
}

const WRITE = /^POST \/(?:write|api\/v2\/write|api\/v3\/write_lp)\b/
const QUERY = /^(?:POST \/api\/v2\/query|GET \/query|GET \/api\/v3\/query_sql|GET \/api\/v1\/export)\b/

function serve(socket: Socket): void {
  let head: Buffer = EMPTY
  /** What is to come of the body of the current request, or of its current chunk with the end of line after it. */
  let rest = 0
  /** Whether the body comes in chunks, whose last one has not come yet. */
  let isChunked = false
  let line = ''
  let other: Other | undefined
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    for (let chunk = bytes; chunk.length > 0; ) {
      chunk = rest > 0 ? readBody(chunk) : isChunked ? readSize(chunk) : readHead(chunk)
    }
  })

  function readBody(chunk: Buffer): Buffer {
    const taken = Math.min(rest, chunk.length)
    rest -= taken
    if (other) other.body = Buffer.concat([other.body, chunk.subarray(0, taken)])
    if (rest === 0 && !isChunked) answer()
    return chunk.subarray(taken)
  }

  /** The size of the next chunk, such as `ffff`, before an end of line. */
  function readSize(chunk: Buffer): Buffer {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n')
    if (end < 0) return EMPTY
    const size = Number.parseInt(head.toString('latin1', 0, end), 16)
    const remaining = head.subarray(end + 2)
    head = EMPTY
    // After the last chunk comes one empty line, since there are no trailers.
    isChunked = size > 0
    rest = size + 2
    return remaining
  }

  function readHead(chunk: Buffer): Buffer {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const length = head.indexOf(HEAD_END) + HEAD_END.length
    if (length < HEAD_END.length) return EMPTY
    const lines = head.toString('latin1', 0, length)
    const remaining = head.subarray(length)
    head = EMPTY
    line = lines.slice(0, lines.indexOf('\r\n'))
    rest = Number(/\r\ncontent-length: (\d+)/i.exec(lines)?.[1] ?? 0)
    const authorization = /\r\nauthorization: (.*)\r\n/i.exec(lines)?.[1] ?? ''
    other = WRITE.test(line) || QUERY.test(line) ? undefined : { line, authorization, body: EMPTY }
    isChunked = /\r\ntransfer-encoding: chunked/i.test(lines)
    if (rest === 0 && !isChunked) answer()
    return remaining
  }

  function answer(): void {
    if (other) void passOn(socket, other)
    else if (WRITE.test(line)) socket.write(WRITTEN)
    else answerQuery(socket)
  }
}

async function passOn(socket: Socket, { line, authorization, body }: Other): Promise<void> {
  const [method = '', target] = line.split(' ')
  const headers = { ...(authorization && { authorization }), 'content-type': 'application/json' }
  const init = { method, headers, ...(body.length === 0 ? {} : { body: body.toString() }) }
  const response = await fetch(`${influxd}${target}`, init)
  const text = Buffer.from(await response.arrayBuffer())
  const type = `content-type: ${response.headers.get('content-type') ?? 'text/plain'}`
  const length = response.status === 204 ? '' : `content-length: ${text.length}\r\n`
  socket.write(`HTTP/1.1 ${response.status} Passed on\r\n${type}\r\n${length}\r\n`)
  socket.write(text)
}

function answerQuery(socket: Socket): void {
  let left = ANSWER_CHUNKS
  socket.write(QUERY_HEAD)
  function go(): void {
    while (left > 0 && !socket.destroyed) {
      left -= 1
      if (!socket.write(CHUNK)) {
        socket.once('drain', go)
        return
      }
    }
    socket.write('0\r\n\r\n')
  }
  go()
}

createServer(serve).listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
