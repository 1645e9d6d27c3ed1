/**
 * A server before an upstream that records each forwarded request and answers as the test says. Tokens are minted by
 * the recorder; what else Sluice asks of upstream, the stand-in answers.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { startInfluxd } from '../support/influxd/influxd.ts'
import { passOn } from '../support/influxd/pass-on.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import type { startServer } from '../support/server.ts'

export interface Arrived {
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingMessage['headers']
  /** Of the forwarded request; complete once `ended` says how it ended. */
  readonly body: Buffer[]
  readonly ended: Promise<'complete' | 'broken off'>
  /** When its connection was closed. */
  readonly closed: Promise<void>
}

export interface Recorder {
  readonly url: string
  /** What the settings name; it must never be seen in a forwarded request. */
  readonly operatorToken: string
  /** Forwarded requests, oldest first; not those that Sluice made itself. */
  readonly arrived: Arrived[]
  /** The tokens that are there, by id. */
  readonly minted: Map<string, string>
  /** Requests to mint, oldest first. */
  readonly mints: { userID: string; orgID: string; permissions: unknown[]; description: string }[]
  /** Answers a forwarded request, whose body may not be there yet; default 204, once it is. */
  answer: RequestListener
  /** Whether a token that is not there is refused, as InfluxDB does. */
  checksTokens: boolean
  /** Whether it answers requests to mint as InfluxDB does for a user that it does not know. */
  refusesToMint: boolean
  stop(): Promise<void>
}

export async function startRecorder(): Promise<Recorder> {
  const influxd = await startInfluxd({ isSetUp: false })
  const sockets = new Map<Socket, Promise<void>>()
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    // Without a token it asks whether upstream is ready and set up.
    if (authorization === undefined || authorization === `Token ${influxd.operatorToken}`) {
      void administer(request, response)
    } else forwarded(request, response)
  })
  server.on('connection', (socket) => {
    const closed = Promise.withResolvers<void>()
    sockets.set(socket, closed.promise)
    socket.once('close', () => {
      closed.resolve()
      sockets.delete(socket)
    })
  })

  async function administer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    const [, id = ''] = /^\/api\/v2\/authorizations\/(\w+)$/.exec(request.url ?? '') ?? []
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (request.method === 'POST' && request.url === '/api/v2/authorizations') {
      if (recorder.refusesToMint) {
        json(400, { code: 'invalid', message: 'unable to create token' })
        return
      }
      recorder.mints.push(JSON.parse(body))
      const made = recorder.mints.length.toString(16).padStart(16, '0')
      recorder.minted.set(made, `minted-${made}`)
      json(201, { id: made, token: `minted-${made}` })
    } else if (request.method === 'DELETE' && id) {
      recorder.minted.delete(id)
      response.writeHead(204).end()
    } else if (request.method === 'GET' && id) {
      if (recorder.minted.has(id)) json(200, { id })
      else json(404, { code: 'not found', message: 'not found' })
    } else {
      const { method = '', url = '', headers } = request
      await passOn(influxd, { method, target: url, authorization: headers.authorization, body }, response)
    }
  }

  function forwarded(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', rawHeaders, headers } = request
    const ended = Promise.withResolvers<'complete' | 'broken off'>()
    const arrived: Arrived = {
      ...{ method, target: url, rawHeaders, headers, body: [], ended: ended.promise },
      closed: sockets.get(request.socket) ?? Promise.resolve(),
    }
    recorder.arrived.push(arrived)
    request.on('data', (chunk: Buffer) => arrived.body.push(chunk))
    request.once('end', () => ended.resolve('complete'))
    // Not when the request is closed: Node says nothing of one that was answered before its end.
    void arrived.closed.then(() => ended.resolve('broken off'))
    request.on('error', () => {})
    const token = headers.authorization?.slice('Token '.length) ?? ''
    if (recorder.checksTokens && ![...recorder.minted.values()].includes(token)) {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end('{"code":"unauthorized","message":"unauthorized access"}')
      return
    }
    recorder.answer(request, response)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const recorder: Recorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operatorToken: influxd.operatorToken,
    ...{ arrived: [], minted: new Map(), mints: [], checksTokens: true, refusesToMint: false },
    answer: (request, response) => void request.once('end', () => response.writeHead(204).end()),
    async stop() {
      server.close()
      for (const socket of sockets.keys()) socket.destroy()
      await influxd.stop()
    },
  }
  return recorder
}

export interface GatewayWorld extends SetUpServer {
  readonly upstream: Recorder
  readonly port: number
  /** Forgets what arrived and how it is answered. */
  reset(): void
  /** The one forwarded request since the last `reset`. */
  only(): Arrived
  /**
   * Sends bytes as they are; gives all that is answered until the server closes the connection. Node takes a client
   * that ends its side for one that is gone.
   */
  raw(bytes: string): Promise<string>
}

export async function startGateway(
  settings: Readonly<Record<string, string | number>> = {},
  argv: readonly string[] = [],
  options: Parameters<typeof startServer>[1] = {},
): Promise<GatewayWorld> {
  const upstream = await startRecorder()
  const flags = Object.entries({ url: upstream.url, token: upstream.operatorToken, ...settings })
  const server = await startSetUp(
    [...flags.flatMap(([key, value]) => [`--upstream-${key}`, String(value)]), ...argv],
    options,
  )
  const { port } = new URL(server.url)
  const { answer } = upstream
  return {
    ...server,
    ...{ upstream, port: Number(port) },
    reset() {
      upstream.arrived.length = 0
      upstream.answer = answer
      upstream.checksTokens = true
    },
    only() {
      assert.equal(upstream.arrived.length, 1, `${upstream.arrived.map(({ target }) => target)} arrived`)
      return upstream.arrived[0] as Arrived
    },
    async raw(bytes) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      socket.setTimeout(10_000, () => socket.destroy())
      let text = ''
      socket.setEncoding('latin1').on('data', (chunk) => {
        text += chunk
      })
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      socket.write(bytes, 'latin1')
      await closed
      return text
    },
    async stop() {
      await server.stop()
      await upstream.stop()
    },
  }
}

/** A request's head on the wire. */
export const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`

export function statusesOf(answers: string): number[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}
