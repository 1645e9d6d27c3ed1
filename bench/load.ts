/**
 * Sends requests over keep-alive connections, in a separate process (`node bench/load.ts JSON`). It writes raw bytes and
 * counts responses by their length, so that it costs less than the server it measures: with a load generator as
 * bottleneck every ratio looks good.
 */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

export interface Load {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  /** Default: GET. */
  readonly method?: string
  /** A body to send; or about how many bytes of line protocol. */
  readonly body?: string | number
  /** A file with values of `Authorization`, one a line, which the requests carry in turn. */
  readonly authorizations?: string
  /** The status that each response should have. Default: 200. */
  readonly status?: number
}

export interface LoadResult {
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly maxMs: number
  /** The number of responses with another status. */
  readonly wrong: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

export async function runLoad(load: Load): Promise<LoadResult> {
  const requests = requestsOf(load)
  const expected = String(load.status ?? 200)
  const latencies: number[] = []
  let sent = 0
  let wrong = 0
  const started = performance.now()
  const end = started + load.seconds * 1000

  function connection(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let sentAt = 0
      let pending: Buffer = Buffer.alloc(0)
      /** What is to come of a response whose head is complete; undefined for chunks, up to the last one. */
      let rest: number | undefined = 0
      let isInBody = false
      function send(): void {
        sentAt = performance.now()
        socket.write(requests[sent++ % requests.length] as Buffer)
      }
      function ended(): void {
        isInBody = false
        const now = performance.now()
        latencies.push(now - sentAt)
        if (now < end) send()
        else socket.end()
      }
      function readHead(chunk: Buffer): void {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
        const headLength = pending.indexOf(HEAD_END) + HEAD_END.length
        if (headLength < HEAD_END.length) return
        if (pending.toString('latin1', 9, 12) !== expected) wrong += 1
        rest = bodyLength(pending.toString('latin1', 0, headLength).toLowerCase())
        const body = pending.subarray(headLength)
        isInBody = true
        pending = Buffer.alloc(0)
        readBody(body)
      }
      function readBody(chunk: Buffer): void {
        if (rest !== undefined) {
          rest -= chunk.length
          if (rest <= 0) ended()
          return
        }
        const tail = Buffer.concat([pending, chunk.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length)
        pending = tail
        if (!tail.equals(LAST_CHUNK)) return
        pending = Buffer.alloc(0)
        ended()
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (chunk: Buffer) => (isInBody ? readBody(chunk) : readHead(chunk)))
    })
  }

  await Promise.all(Array.from({ length: load.connections }, connection))
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  return {
    perSecond: latencies.length / seconds,
    medianMs: latencies[Math.floor(latencies.length / 2)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    maxMs: latencies.at(-1) ?? 0,
    wrong,
  }
}

/** One request for each value of `Authorization`, ready to be written. */
function requestsOf({ method = 'GET', path, headers, body = '', authorizations }: Load): Buffer[] {
  const content = typeof body === 'number' ? linesOf(body) : body
  const length = content === '' ? '' : `content-length: ${content.length}\r\n`
  const common = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const start = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${common.join('')}${length}`
  const each =
    authorizations === undefined
      ? ['']
      : readFileSync(authorizations, 'latin1')
          .trim()
          .split('\n')
          .map((value) => `authorization: ${value}\r\n`)
  return each.map((line) => Buffer.from(`${start}${line}\r\n${content}`, 'latin1'))
}

/** Lines as Telegraf writes them, of several lengths. */
function linesOf(bytes: number): string {
  const LONGEST = 150
  let lines = ''
  for (let at = 0; lines.length < bytes - LONGEST; at += 1) {
    const busy = (at * 7919) % 101
    const fields = `usage_idle=${100 - busy},usage_system=${busy / 4},usage_user=${(busy * 3) / 4}`
    lines += `cpu,cpu=cpu${at % 16},host=server${at % 7},region=eu-west ${fields} ${1735689600000 + at}000000\n`
  }
  return lines
}

/** Of the response with that head; undefined for chunks. */
function bodyLength(head: string): number | undefined {
  if (head.includes('\r\ntransfer-encoding: chunked\r\n')) return undefined
  const at = head.indexOf('content-length: ')
  return at < 0 ? 0 : Number.parseInt(head.slice(at + 16), 10)
}

if (import.meta.main) console.log(JSON.stringify(await runLoad(JSON.parse(process.argv[2] ?? '{}'))))
