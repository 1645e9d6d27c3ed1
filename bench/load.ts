/**
 * Sends GET requests over keep-alive connections, in a separate process (`node bench/load.ts JSON`). It writes raw
 * bytes and counts responses by their length, so that it costs less than the server it measures: with a load generator
 * as bottleneck every ratio looks good.
 */
import { connect } from 'node:net'

export interface Load {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  readonly perSecond: number
  readonly p99Ms: number
  readonly maxMs: number
  /** The number of responses other than 200. */
  readonly wrong: number
}

const HEAD_END = Buffer.from('\r\n\r\n')

export async function runLoad(load: Load): Promise<LoadResult> {
  const lines = Object.entries(load.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(`GET ${load.path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n`)
  const latencies: number[] = []
  let wrong = 0
  const started = performance.now()
  const end = started + load.seconds * 1000

  function connection(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let sentAt = 0
      let pending: Buffer = Buffer.alloc(0)
      function send(): void {
        sentAt = performance.now()
        socket.write(request)
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (chunk: Buffer) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
        const length = answerLength(pending)
        if (length === undefined || pending.length < length) return
        if (pending.toString('latin1', 9, 12) !== '200') wrong += 1
        pending = pending.subarray(length)
        const now = performance.now()
        latencies.push(now - sentAt)
        if (now < end) send()
        else socket.end()
      })
    })
  }

  await Promise.all(Array.from({ length: load.connections }, connection))
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  return {
    perSecond: latencies.length / seconds,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    maxMs: latencies.at(-1) ?? 0,
    wrong,
  }
}

/** The length of the first response in these bytes; undefined until its head is complete. */
function answerLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end).toLowerCase()
  const at = head.indexOf('content-length: ')
  return end + HEAD_END.length + (at < 0 ? 0 : Number.parseInt(head.slice(at + 16), 10))
}

if (import.meta.main) console.log(JSON.stringify(await runLoad(JSON.parse(process.argv[2] ?? '{}'))))
