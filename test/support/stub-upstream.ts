/**
 * For tests of what is counted and kept of forwarded requests: an InfluxDB whose answers a test chooses. Requests about
 * identities and tokens go to the stand-in; all others are answered at once, and nothing is kept of them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startInfluxd } from './influxd/influxd.ts'
import { passOn } from './influxd/pass-on.ts'

/** A request as it arrived here. */
export interface StubRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface StubUpstream {
  readonly url: string
  /** The settings of a server that guards it. */
  readonly argv: readonly string[]
  /** All but those about identities and tokens. */
  readonly requests: readonly StubRequest[]
  /** Takes the place of the answer to a request that is not about identities or tokens; true if it has answered. */
  answer: (request: StubRequest, response: ServerResponse) => boolean
  /** Ends all connections and takes no more, as an InfluxDB that was stopped. */
  stop(): Promise<void>
}

const OF_INFLUXD =
  /^\/(?:ready|health|api\/v2\/(?:setup|config|me|users|orgs|buckets|authorizations|tasks|checks|notificationRules|dbrps)(?:[/?]|$))/

const CSV = ',result,table,_time,_value\r\n,_result,0,2026-01-02T03:04:05Z,1\r\n'

export async function startStubUpstream(): Promise<StubUpstream> {
  const requests: StubRequest[] = []
  const influxd = await startInfluxd({ isSetUp: false })

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming)
    if (!request) return
    if (OF_INFLUXD.test(request.target)) {
      await passOn(influxd, request, response)
      return
    }
    requests.push(request)
    if (stub.answer(request, response)) return
    const path = request.target.split('?')[0] ?? ''
    if (path.endsWith('/query')) response.writeHead(200, { 'content-type': 'text/csv' }).end(CSV)
    else if (path.endsWith('/write') || path.endsWith('/delete')) response.writeHead(204).end()
    else sendJson(response, 200, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const stub: StubUpstream = {
    ...{ url, requests, argv: ['--upstream-url', url, '--upstream-token', influxd.operatorToken] },
    answer: () => false,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await influxd.stop()
    },
  }
  return stub
}

/** Undefined if the client has gone. */
async function read(incoming: IncomingMessage): Promise<StubRequest | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk)
  } catch {
    return undefined
  }
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    authorization: incoming.headers.authorization,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

function sendJson(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
}
