/** The one way to InfluxDB 2's API: JSON requests with the operator token, bounded in time and size. */
import { Agent, type Dispatcher, request } from 'undici'
import { SluiceError } from '../../domain/base/errors.ts'
import { errorOf, strangeAnswer, upstreamAway } from './failure.ts'

export interface Influxdb2Access {
  /** `http://` or `https://`, host and port. */
  readonly url: string
  /** An operator token. */
  readonly token: string
  /** PEM texts; undefined for the system's certificate authorities, and for no client certificate. */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly connectTimeoutMs: number
  /** How long a request may take, from its beginning to the end of the answer. */
  readonly timeoutMs: number
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface Influxdb2Request {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly json?: unknown
  /** Instead of the client's own limit. */
  readonly timeoutMs?: number
  /** Instead of the operator token. */
  readonly token?: string
  /** Leaves the token out, for setup and for asking whether upstream is ready. */
  readonly withoutToken?: boolean
}

/** Every method throws SluiceError: `unavailable` if upstream is away, else the code with which it refuses. */
export interface Influxdb2Client {
  /** The answer's JSON; undefined if it has no body. */
  send(method: Method, path: string, options?: Influxdb2Request): Promise<unknown>
  /** The same, and undefined if upstream answers `not found`. */
  find(method: Method, path: string, options?: Influxdb2Request): Promise<unknown>
  close(): Promise<void>
}

/** Requests that Sluice makes itself are few; those that it forwards have connections of their own. */
const CONNECTIONS = 16
const MOST_BYTES = 64 * 1024 * 1024

/** Opens no connection until the first request. */
export function createInfluxdb2Client(access: Influxdb2Access): Influxdb2Client {
  const { url, timeoutMs, connectTimeoutMs, ca, cert, key } = access
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert, key }),
  }
  const dispatcher = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: connectTimeoutMs, ...tls },
  })

  async function send(method: Method, path: string, options: Influxdb2Request = {}): Promise<unknown> {
    const { json, query = {}, withoutToken, token = access.token } = options
    const limitMs = options.timeoutMs ?? timeoutMs
    const target = new URL(path, url)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(name, String(value))
    }
    const headers = {
      accept: 'application/json',
      ...(withoutToken ? {} : { authorization: `Token ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const { status, text } = await exchange(target, {
      ...{ dispatcher, method, headers, headersTimeout: limitMs, bodyTimeout: limitMs },
      body: json === undefined ? null : JSON.stringify(json),
      signal: AbortSignal.timeout(limitMs),
    })
    const isDone = status >= 200 && status < 300
    const answer = parsed(text, isDone)
    if (!isDone) throw errorOf(status, answer)
    return answer
  }

  return {
    send,
    async find(method, path, options) {
      try {
        return await send(method, path, options)
      } catch (error) {
        if (error instanceof SluiceError && error.code === 'not found') return undefined
        throw error
      }
    },
    // What is under way has its own limit and does not hold up the end of the process.
    close: () => dispatcher.destroy(),
  }
}

async function exchange(
  target: URL,
  options: Parameters<typeof request>[1],
): Promise<{ status: number; text: string }> {
  try {
    const { statusCode, body } = await request(target, options)
    return { status: statusCode, text: await bounded(body) }
  } catch (error) {
    throw error instanceof SluiceError ? error : upstreamAway(error)
  }
}

async function bounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw strangeAnswer(`upstream answered with more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A proxy between here and upstream may refuse with a page; its status says enough. */
function parsed(text: string, mustBeJson: boolean): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    if (mustBeJson) throw strangeAnswer('upstream did not answer with JSON')
    return undefined
  }
}
