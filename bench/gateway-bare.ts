/**
 * A proxy of undici's `dispatch` under node:http that judges nothing, the measure for the cost of the gateway
 * (`node gateway-bare.ts PORT UPSTREAM_PORT`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

const [, , port, upstreamPort] = process.argv
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 128, pipelining: 1 })
const SMALL_BYTES = 65_536
const DROPPED: ReadonlySet<string> = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding'])

function copied(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    if (!DROPPED.has(name.toLowerCase())) headers.push(name, raw[at + 1] as string)
  }
  return headers
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  body: Dispatcher.DispatchOptions['body'],
): void {
  const options: Dispatcher.DispatchOptions = {
    path: request.url ?? '',
    method: request.method as Dispatcher.HttpMethod,
    headers: copied(request.rawHeaders),
    body: body ?? null,
  }
  pool.dispatch(options, {
    onRequestStart() {},
    onResponseStart(controller, status) {
      const raw = controller.rawHeaders as readonly Buffer[]
      response.writeHead(status, copied(raw.map((each) => each.toString('latin1'))))
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return
      controller.pause()
      response.once('drain', () => controller.resume())
    },
    onResponseEnd() {
      response.end()
    },
    onResponseError() {
      response.destroy()
    },
  })
}

createServer((request, response) => {
  const length = Number(request.headers['content-length'] ?? 0)
  if (request.url === '/health') response.end()
  else if (length === 0 || length > SMALL_BYTES) forward(request, response, length > 0 ? request : null)
  // By then a small body is there, and costs less than half of what it costs as a stream.
  else setImmediate(() => forward(request, response, request.complete ? request.read() : request))
}).listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
