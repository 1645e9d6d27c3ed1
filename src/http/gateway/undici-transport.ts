/** Connections to upstream for forwarded requests, by undici. */
import { type Dispatcher, errors, Pool } from 'undici'
import type { AnswerControl, AnswerReader, FailureKind, Transport, UpstreamRequest } from './transport.ts'

export interface TransportOptions {
  readonly url: string
  readonly connections: number
  readonly connectTimeoutMs: number
  /** PEM. */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** A transport, and how to end it: requests under way fail. */
export function createTransport(options: TransportOptions): Transport & { close(): Promise<void> } {
  const { ca, cert, key } = options
  const pool = new Pool(new URL(options.url).origin, {
    connections: options.connections,
    pipelining: 1,
    connect: {
      timeout: options.connectTimeoutMs,
      ...(ca ? { ca } : {}),
      ...(cert && key ? { cert, key } : {}),
    },
  })
  return {
    send(request, reader) {
      pool.dispatch(dispatchOptions(request), createHandler(request, reader))
    },
    close: () => pool.destroy(),
  }
}

function dispatchOptions(request: UpstreamRequest): Dispatcher.DispatchOptions {
  const { body, headers } = request
  const upload = body && !Buffer.isBuffer(body) ? body : undefined
  const length = upload?.length
  return {
    path: request.target,
    method: request.method as Dispatcher.HttpMethod,
    // Only read by undici, whose types do not say so.
    headers: length === undefined ? (headers as string[]) : [...headers, 'content-length', String(length)],
    body: upload?.stream ?? (body as Buffer | undefined) ?? null,
    headersTimeout: request.timeoutMs,
    bodyTimeout: request.timeoutMs,
  }
}

function createHandler({ body }: UpstreamRequest, reader: AnswerReader): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      reader.onStart(new Control(controller))
    },
    onResponseStart(controller, status, headers, message) {
      // An interim answer, such as 100 to `Expect`, is between this server and upstream.
      if (status < 200) return
      reader.onHead(status, rawHeadersOf(controller, headers), message ?? '')
    },
    onResponseData(_controller, chunk) {
      reader.onData(chunk)
    },
    onResponseEnd() {
      reader.onEnd()
    },
    onResponseError(_controller, error) {
      const isOfBody = body !== undefined && !Buffer.isBuffer(body) && body.stream.errored === error
      reader.onFailure({ kind: isOfBody ? 'aborted' : kindOf(error), cause: error })
    },
  }
}

class Control implements AnswerControl {
  readonly #controller: Dispatcher.DispatchController

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller
  }
  pause(): void {
    this.#controller.pause()
  }
  resume(): void {
    this.#controller.resume()
  }
  abort(): void {
    this.#controller.abort(new errors.RequestAbortedError())
  }
}

function rawHeadersOf(
  { rawHeaders }: Dispatcher.DispatchController,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string[] {
  if (Array.isArray(rawHeaders)) return rawHeaders.map((each) => each.toString('latin1'))
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, each]),
  )
}

/** The kind of a failure, by undici's error codes and those of the system. */
function kindOf(error: Error): FailureKind {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (REFUSED.has(code)) return 'refused'
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'timeout'
  return code === 'UND_ERR_ABORTED' ? 'aborted' : 'broken'
}

const REFUSED: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_NOT_YET_VALID'],
  ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])
