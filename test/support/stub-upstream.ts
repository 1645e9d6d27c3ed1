/** For tests: what the gateway needs of an InfluxDB, in this process. It judges nothing, and keeps no data. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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
  /** All but those about tokens. */
  readonly requests: readonly StubRequest[]
  /** Takes the place of the answer to a request that is not about tokens; true if it has answered. */
  answer: (request: StubRequest, response: ServerResponse) => boolean
  /** Ends all connections and takes no more, as an InfluxDB that was stopped. */
  stop(): Promise<void>
}

const CSV = ',result,table,_time,_value\r\n,_result,0,2026-01-02T03:04:05Z,1\r\n'

export async function startStubUpstream(): Promise<StubUpstream> {
  const requests: StubRequest[] = []
  const tokens = new Set<string>()
  let minted = 0

  function answerTokens({ method, target }: StubRequest, response: ServerResponse): void {
    const id = target.split('/')[4]
    if (method === 'POST') {
      minted += 1
      const made = minted.toString(16).padStart(16, '0')
      tokens.add(made)
      sendJson(response, 201, { id: made, token: `minted ${made}` })
    } else if (id === undefined) sendJson(response, 200, { authorizations: [] })
    else if (!tokens.has(id))
      sendJson(response, 404, { code: 'not found', message: 'authorization not found' })
    else if (method === 'DELETE') {
      tokens.delete(id)
      response.writeHead(204).end()
    } else sendJson(response, 200, { id })
  }

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming)
    if (!request) return
    if (request.target.startsWith('/api/v2/authorizations')) {
      answerTokens(request, response)
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
    ...{ url, requests, argv: ['--upstream-url', url, '--upstream-token', 'operator token of the stub'] },
    answer: () => false,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
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
