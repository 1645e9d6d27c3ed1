/**
 * A proxy of undici's `dispatch` under node:http that judges nothing, the measure for the cost of the gateway
 * (`node gateway-bare.ts PORT UPSTREAM_PORT`).
 */
import { createServer } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

const [, , port, upstreamPort] = process.argv
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 128, pipelining: 1 })
const DROPPED: ReadonlySet<string> = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding'])

function copied(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    if (!DROPPED.has(name.toLowerCase())) headers.push(name, raw[at + 1] as string)
  }
  return headers
}

createServer((request, response) => {
  if (request.url === '/health') {
    response.end()
    return
  }
  const hasBody = request.headers['content-length'] !== undefined
  const options: Dispatcher.DispatchOptions = {
    path: request.url ?? '',
    method: request.method as Dispatcher.HttpMethod,
    headers: copied(request.rawHeaders),
    body: hasBody ? request : null,
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
}).listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
