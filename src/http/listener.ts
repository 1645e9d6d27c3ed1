/** The socket that is listened on: limits, TLS, and what is answered while the server starts and stops. */
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { invalid, type SluiceError, unavailable } from '../domain/errors.ts'
import type { CertificateFiles } from './certificate.ts'
import { respondToClientError } from './client-error.ts'
import { withConstantHeaders } from './constant-headers.ts'
import { ERROR_CODE_HEADER, errorBody, STATUS_OF } from './errors.ts'
import { createPipelines } from './pipelines.ts'
import { hasBody, watchBody, watchReaders } from './slow-clients.ts'

export interface ListenerLimits {
  /** Milliseconds; 0 is none. */
  readonly readHeaderTimeoutMs: number
  /** For a whole request. */
  readonly readTimeoutMs: number
  /** For a request's body, once the headers are there; and for the client to take an answer. */
  readonly bodyTimeoutMs: number
  /** Without a byte in either direction. */
  readonly writeTimeoutMs: number
  /** Between two requests of a connection. */
  readonly idleTimeoutMs: number
  readonly maxHeaderBytes: number
}

export interface Listener {
  readonly server: HttpServer | HttpsServer
  readonly secure: boolean
  /** Listens; the URL says where. */
  listen(address: { host: string | undefined; port: number }): Promise<string>
  /** From now on requests reach this handler. */
  attach(handler: RequestListener): void
  /** Refuses what is new, waits at most so long for what runs, then closes everything. */
  stop(timeoutMs: number): Promise<void>
}

/** How often Node looks for requests that take too long; its own default is 30 s. */
const CHECK_INTERVAL_MS = 1000

export function createListener(options: {
  limits: ListenerLimits
  tls?: { certificate: CertificateFiles; minVersion: 'TLSv1.2' | 'TLSv1.3' } | undefined
  /** Headers that every answer carries. */
  headers: Readonly<Record<string, string>>
}): Listener {
  const { limits, tls } = options
  const starting = refusal('Sluice is starting; try again shortly')
  const stopping = refusal('Sluice is stopping; try again shortly')
  let handler: RequestListener = starting
  let whenQuiet: (() => void) | undefined
  const refuse = respondToClientError(options.headers)
  const body = {
    timeoutMs: limits.bodyTimeoutMs,
    onTimeout(socket: Socket) {
      refuse({ name: '', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
      // At once, so that nothing is done any more for a request that was refused.
      socket.destroySoon()
    },
  }
  const answer: RequestListener = (request, response) => (refusalOf(request) ?? handler)(request, response)
  const begin: RequestListener = (request, response) => {
    if (!hasBody(request)) {
      answer(request, response)
      return
    }
    watchBody(request, response, body)
    // What came together with the headers is there by then, and is not taken for late.
    setImmediate(() => answer(request, response))
  }
  const pipelines = createPipelines({ begin, refuse, onQuiet: () => whenQuiet?.() })

  const serverOptions = {
    // Node refuses headers that may take longer than the whole request.
    headersTimeout: Math.min(limits.readHeaderTimeoutMs, limits.readTimeoutMs || Number.POSITIVE_INFINITY),
    requestTimeout: limits.readTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    maxHeaderSize: limits.maxHeaderBytes,
    // Node would answer these by itself, without taking turns with the requests before them.
    requireHostHeader: false,
    // A request without a body need not be read to its end, which saves a tenth of the time of `GET /me`.
    optimizeEmptyRequests: true,
    ServerResponse: withConstantHeaders(options.headers),
  }
  let server: HttpServer | HttpsServer
  let unwatch: (() => void) | undefined
  if (tls) {
    const { certificate, minVersion } = tls
    const secure = createTlsServer({ ...serverOptions, ...certificate.read(), minVersion }, pipelines.request)
    unwatch = certificate.watch((renewed) => secure.setSecureContext({ ...renewed, minVersion }))
    server = secure
  } else {
    server = createServer(serverOptions, pipelines.request)
  }
  server.setTimeout(limits.writeTimeoutMs)
  server.on('checkExpectation', pipelines.request)
  server.on('clientError', pipelines.clientError)
  server.on(tls ? 'secureConnection' : 'connection', pipelines.open)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const readers = tls ? new Set<Socket>() : sockets
  server.on('secureConnection', (socket: Socket) => {
    readers.add(socket)
    socket.once('close', () => readers.delete(socket))
  })
  const unwatchReaders = limits.bodyTimeoutMs > 0 ? watchReaders(readers, limits.bodyTimeoutMs) : undefined

  return {
    server,
    secure: tls !== undefined,
    async listen({ host, port }) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          server.off('error', reject)
          resolve()
        })
      })
      const bound = server.address()
      const boundPort = typeof bound === 'object' && bound ? bound.port : port
      return `${tls ? 'https' : 'http'}://${urlHost(host)}:${boundPort}`
    },
    attach(given) {
      handler = given
    },
    async stop(timeoutMs) {
      handler = stopping
      unwatch?.()
      unwatchReaders?.()
      // Connections that rest stay open for now: what comes on one just then is answered, not cut off.
      if (pipelines.running() > 0 && timeoutMs > 0) {
        const quiet = Promise.withResolvers<void>()
        whenQuiet = quiet.resolve
        const deadline = setTimeout(quiet.resolve, timeoutMs)
        await quiet.promise
        clearTimeout(deadline)
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // Not `closeAllConnections`, which knows none whose TLS handshake is still to be finished.
        for (const socket of sockets) socket.destroy()
      })
    },
  }
}

/** Refuses every request in the documented schema, outside any route, and ends the connection. */
function refusal(message: string): RequestListener {
  const error = unavailable(message)
  const answer = refuseWith(STATUS_OF[error.code], error)
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/ready') {
      response.writeHead(503, { 'content-type': JSON_TYPE, connection: 'close' })
      response.end(JSON.stringify({ status: 'starting' }))
      return
    }
    response.setHeader('retry-after', '1')
    answer(request, response)
  }
}

function refuseWith(status: number, error: SluiceError): RequestListener {
  const body = JSON.stringify(errorBody(error))
  return (_request, response) => {
    response.writeHead(status, {
      'content-type': JSON_TYPE,
      [ERROR_CODE_HEADER]: error.code,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    response.end(body)
  }
}

const WITHOUT_HOST = refuseWith(400, invalid('an HTTP/1.1 request names its host; send a Host header'))
const UNKNOWN_EXPECTATION = refuseWith(417, invalid('of expectations only 100-continue is known'))

/** What Node's server would refuse with an empty answer (RFC 9112, 3.2; RFC 9110, 10.1.1). */
function refusalOf({ httpVersion, headers }: IncomingMessage): RequestListener | undefined {
  if (httpVersion !== '1.1') return undefined
  if (headers.host === undefined) return WITHOUT_HOST
  return headers.expect === undefined || /\b100-continue\b/i.test(headers.expect)
    ? undefined
    : UNKNOWN_EXPECTATION
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** The host as it stands in a URL one can paste. */
function urlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
