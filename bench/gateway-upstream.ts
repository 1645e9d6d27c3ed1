/**
 * Stands in for InfluxDB (`node gateway-upstream.ts PORT`): mints authorizations, takes writes, and answers every query with
 * 100 MB in chunks. It reads HTTP only as far as a proxy under measurement writes it, because on the core of the load
 * it must cost less than what it measures.
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
let minted = 0

function serve(socket: Socket): void {
  let head: Buffer = Buffer.alloc(0)
  /** What is to come of the body of the current request. */
  let rest = 0
  let firstLine = ''
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    for (let chunk = bytes; chunk.length > 0; ) chunk = rest > 0 ? skip(chunk) : readHead(chunk)
  })

  function skip(chunk: Buffer): Buffer {
    const taken = Math.min(rest, chunk.length)
    rest -= taken
    if (rest === 0) answer(socket, firstLine)
    return chunk.subarray(taken)
  }

  function readHead(chunk: Buffer): Buffer {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const length = head.indexOf(HEAD_END) + HEAD_END.length
    if (length < HEAD_END.length) return EMPTY
    const lines = head.toString('latin1', 0, length)
    const remaining = head.subarray(length)
    head = EMPTY
    firstLine = lines.slice(0, lines.indexOf('\r\n'))
    rest = Number(/\r\ncontent-length: (\d+)/i.exec(lines)?.[1] ?? 0)
    if (rest === 0) answer(socket, firstLine)
    return remaining
  }
}

const EMPTY = Buffer.alloc(0)

function answer(socket: Socket, firstLine: string): void {
  if (firstLine.startsWith('POST /api/v2/write')) socket.write(WRITTEN)
  else if (firstLine.startsWith('POST /api/v2/query')) answerQuery(socket)
  else if (firstLine.startsWith('POST /api/v2/authorizations')) {
    minted += 1
    json(socket, '201 Created', { id: minted.toString(16).padStart(16, '0'), token: `minted-${minted}` })
  } else if (firstLine.startsWith('DELETE')) socket.write('HTTP/1.1 204 No Content\r\n\r\n')
  else json(socket, '200 OK', { authorizations: [] })
}

function json(socket: Socket, status: string, content: object): void {
  const body = JSON.stringify(content)
  socket.write(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
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

createServer(serve).listen(Number(process.argv[2]), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
