/** The listening socket: limits, TLS, and responses while the server starts and stops. */
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { invalid, type SluiceError, unavailable } from '../../domain/base/errors.ts'
import { ERROR_CODE_HEADER, errorBody, STATUS_OF } from '../request/errors.ts'
import { ambiguityIn } from './ambiguity.ts'
import type { CertificateFiles } from './certificate.ts'
import { respondToClientError } from './client-error.ts'
import { withConstantHeaders } from './constant-headers.ts'
import type { ClientLimits, Dispatch, Handler } from './dispatch.ts'
import { createPipelines } from './pipelines.ts'
import { hasBody, watchBody, watchReaders } from './slow-clients.ts'

export interface ListenerLimits {
  /** Milliseconds; 0 is no limit. */
  readonly readHeaderTimeoutMs: number
  /** For a whole request. */
  readonly readTimeoutMs: number
  /**
   * How long a request's body may take after its headers, and the client to read a response, if the listener itself
   * answers; each handler has its own limits.
   */
  readonly bodyTimeoutMs: number
  /** How long a connection may be without a byte in either direction. */
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
  /** Requests now go to the handler that `dispatch` returns; until then each is answered 503. */
  attach(dispatch: Dispatch): void
  /** Refuses new requests, waits at most `timeoutMs` for running ones, then closes everything. */
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
  const own = { bodyTimeoutMs: limits.bodyTimeoutMs, readerTimeoutMs: limits.bodyTimeoutMs }
  const alone = (handle: RequestListener): Handler => ({ handle, limits: own })
  const starting = alone(refusal('Sluice is starting; try again shortly'))
  const stopping = alone(refusal('Sluice is stopping; try again shortly'))
  let dispatch: Dispatch = () => starting
  /** The limits of the handler that answers on a connection. */
  const limitsOf = new WeakMap<Socket, ClientLimits>()
  let whenQuiet: (() => void) | undefined
  const refuse = respondToClientError(options.headers)
  function onTimeout(socket: Socket): void {
    refuse({ name: '', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
    // Closed at once, so that no more work is done for a refused request.
    socket.destroySoon()
  }
  const begin: RequestListener = (request, response) => {
    const ambiguity = ambiguityIn(request)
    const expectation = unknownExpectation(request)
    const handler = ambiguity
      ? alone(() => answer(response, ambiguity))
      : expectation
        ? alone(() => answer(response, expectation, EXPECTATION_FAILED))
        : dispatch(request)
    // Responses on a connection are read in turn, so the reader's limits are those of the current response.
    limitsOf.set(request.socket, handler.limits)
    if (request.headers.expect !== undefined && !expectation && !ambiguity && !handler.asksForBody) {
      response.writeContinue()
    }
    if (!hasBody(request)) {
      handler.handle(request, response)
      return
    }
    // Bytes that came together with the headers have been read by then, so such a body is complete and needs no time
    // limit.
    setImmediate(() => {
      if (!request.complete && !response.destroyed) {
        watchBody(request, response, { timeoutMs: handler.limits.bodyTimeoutMs, onTimeout })
      }
      handler.handle(request, response)
    })
  }
  const pipelines = createPipelines({ begin, refuse, onQuiet: () => whenQuiet?.() })

  const serverOptions = {
    // Node refuses headers that may take longer than the whole request.
    headersTimeout: Math.min(limits.readHeaderTimeoutMs, limits.readTimeoutMs || Number.POSITIVE_INFINITY),
    requestTimeout: limits.readTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    maxHeaderSize: limits.maxHeaderBytes,
    // ambiguity.ts asks for it and answers in the documented schema, in turn with the requests before it.
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
  server.on('checkContinue', pipelines.request)
  server.on('checkExpectation', pipelines.request)
  server.on(tls ? 'secureConnection' : 'connection', pipelines.open)
  const sockets = new Set<Socket>()
  /** Connections by the peer's address and port: Node does not say on which connection a TLS handshake failed. */
  const byPeer = new Map<string, Socket>()
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    sockets.add(socket)
    if (tls) byPeer.set(peer, socket)
    socket.once('close', () => {
      sockets.delete(socket)
      if (byPeer.get(peer) === socket) byPeer.delete(peer)
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const plain = error.code === 'ERR_SSL_HTTP_REQUEST' ? byPeer.get(peerOf(socket)) : undefined
    if (plain) refuse(error, plain)
    else pipelines.clientError(error, socket)
  })
  const readers = tls ? new Set<Socket>() : sockets
  server.on('secureConnection', (socket: Socket) => {
    readers.add(socket)
    socket.once('close', () => readers.delete(socket))
  })
  const unwatchReaders = watchReaders(readers, (socket) => (limitsOf.get(socket) ?? own).readerTimeoutMs)

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
      dispatch = given
    },
    async stop(timeoutMs) {
      dispatch = () => stopping
      unwatch?.()
      unwatchReaders()
      // Idle connections stay open meanwhile, so that a request that arrives now is answered and not cut off.
      if (pipelines.running() > 0 && timeoutMs > 0) {
        const quiet = Promise.withResolvers<void>()
        whenQuiet = quiet.resolve
        const deadline = setTimeout(quiet.resolve, timeoutMs)
        await quiet.promise
        clearTimeout(deadline)
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // `closeAllConnections` would miss connections in their TLS handshake.
        for (const socket of sockets) socket.destroy()
      })
    },
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`

/** Refuses every request in the documented schema, outside any route, and ends the connection. */
function refusal(message: string): RequestListener {
  const error = unavailable(message, { retryAfterSeconds: 1 })
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/ready') {
      response.writeHead(503, { 'content-type': JSON_TYPE, connection: 'close' })
      response.end(JSON.stringify({ status: 'starting' }))
      return
    }
    answer(response, error)
  }
}

/** Answers with an error in the documented schema, and closes the connection. */
function answer(response: ServerResponse, error: SluiceError, status = STATUS_OF[error.code]): void {
  const { code, retryAfterSeconds } = error
  const body = JSON.stringify(errorBody(error))
  response.writeHead(status, {
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
    [ERROR_CODE_HEADER]: code,
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    connection: 'close',
  })
  response.end(body)
}

const EXPECTATION_FAILED = 417

/** Whether the request has an expectation that Node would refuse with an empty response (RFC 9110, 10.1.1). */
function unknownExpectation({ httpVersion, headers }: IncomingMessage): SluiceError | undefined {
  if (httpVersion !== '1.1' || headers.expect === undefined) return undefined
  return /\b100-continue\b/i.test(headers.expect)
    ? undefined
    : invalid('of expectations only 100-continue is known; send the request without Expect')
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** The host as written in a URL. */
function urlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
