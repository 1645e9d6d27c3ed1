/** Requests whose responses are checked against rules that hold even during faults. */
import { Agent, request as open } from 'node:http'

/** The longest time for any request, whatever has failed. */
export const LONGEST_MS = 10_000
const GIVEN_UP_MS = 12_000

export interface Answer {
  /** 0 if there was no response. */
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says, as JSON
  readonly body: any
  readonly cookie: string | undefined
  /** The connection broke or no response came: the outcome of the request is unknown. */
  readonly isLost: boolean
}

export interface Asked {
  readonly headers?: Record<string, string>
  readonly json?: unknown
  /** A longer limit, for requests to a paused node. */
  readonly longestMs?: number
}

export interface Counts {
  requests: number
  unavailable: number
  lost: number
  slowestMs: number
}

export interface Client {
  ask(base: string, method: string, path: string, asked?: Asked): Promise<Answer>
  /** Counts since the last call. */
  takeCounts(): Counts
  close(): void
}

const none = (): Counts => ({ requests: 0, unavailable: 0, lost: 0, slowestMs: 0 })

export function createClient(wrong: (what: string) => void): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  let counts = none()

  function judge(
    what: string,
    { status, body, cookie }: Answer,
    raw: string[],
    ms: number,
    longestMs: number,
  ) {
    if (status > 500 && status !== 503) wrong(`${what}: ${status}`)
    if (status === 500) wrong(`${what}: 500 ${JSON.stringify(body)}`)
    if (ms > longestMs) wrong(`${what}: ${status} after ${ms.toFixed(0)} ms`)
    // /ready answers the balancer with more detail, in another form than an error.
    if (status !== 503 || what === 'GET /ready') return
    if (cookie !== undefined) wrong(`${what}: a cookie with 503`)
    if (body?.code !== 'unavailable') wrong(`${what}: 503 without its code: ${JSON.stringify(body)}`)
    if (!raw.some((name) => name.toLowerCase() === 'retry-after')) wrong(`${what}: 503 without Retry-After`)
  }

  return {
    async ask(base, method, path, { headers = {}, json, longestMs = LONGEST_MS } = {}) {
      const started = performance.now()
      counts.requests += 1
      const what = `${method} ${path}`
      let raw: string[] = []
      const answer = await new Promise<Answer>((resolve) => {
        const body = json === undefined ? undefined : JSON.stringify(json)
        const lost = () => resolve({ status: 0, body: '', cookie: undefined, isLost: true })
        const request = open(
          base + path,
          {
            agent,
            method,
            headers: { ...headers, ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}) },
            signal: AbortSignal.timeout(longestMs + GIVEN_UP_MS - LONGEST_MS),
          },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk) => chunks.push(chunk))
            response.on('error', lost)
            response.on('end', () => {
              raw = response.rawHeaders
              const parsed = parse(Buffer.concat(chunks).toString())
              const status = response.statusCode ?? 0
              const isLost = status === 503 && /no node could answer/.test(parsed?.message ?? '')
              const cookie = response.headers['set-cookie']?.[0]?.split(';')[0]
              resolve({ status, body: parsed, cookie, isLost })
            })
          },
        )
        request.on('error', lost)
        request.end(body)
      })
      const ms = performance.now() - started
      if (longestMs === LONGEST_MS) counts.slowestMs = Math.max(counts.slowestMs, ms)
      if (answer.isLost) counts.lost += 1
      else if (answer.status === 503) counts.unavailable += 1
      judge(what, answer, raw, ms, longestMs)
      return answer
    },
    takeCounts() {
      const taken = counts
      counts = none()
      return taken
    },
    close: () => agent.destroy(),
  }
}

function parse(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
