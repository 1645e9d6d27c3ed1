/** An HTTP request with exactly the given headers, which `fetch` would not allow. */
import { type IncomingHttpHeaders, request as open } from 'node:http'

export interface Sent {
  readonly method: string
  /** Path and query as sent on the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly body?: string | Buffer | undefined
  /** For a request that waits in a queue; default 20 s. */
  readonly deadlineMs?: number | undefined
}

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON; null if it is empty, the text itself if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape they assert
  readonly json: any
}

/** Longer than any response takes that waits for nothing, even on a slow machine. */
const DEADLINE_MS = 20_000

export function send(
  url: string,
  { method, path, headers = {}, body, deadlineMs = DEADLINE_MS }: Sent,
): Promise<Received> {
  const { hostname, port } = new URL(url)
  const sentHeaders: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    sentHeaders[name] = typeof value === 'string' ? value : [...value]
  }
  if (body !== undefined) sentHeaders['content-length'] = String(Buffer.byteLength(body))
  return new Promise((resolve, reject) => {
    const request = open(
      {
        hostname,
        port,
        method,
        path,
        headers: sentHeaders,
        agent: false,
        signal: AbortSignal.timeout(deadlineMs),
      },
      async (response) => {
        try {
          const chunks: Buffer[] = []
          for await (const chunk of response) chunks.push(chunk)
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: asJson(text),
          })
        } catch (error) {
          reject(error)
        }
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

function asJson(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The value of an `Authorization` header with a name and a password (RFC 7617). */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}

/** The session cookie of a response, as it is sent back. */
export function cookieOf({ headers }: Received): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}
