/** Requests whose every answer is judged by what holds always, whatever has failed. */
import { Agent, request as open } from 'node:http'

/** No request may take longer, whatever is away. */
export const LONGEST_MS = 10_000
const GIVEN_UP_MS = 12_000

export interface Answer {
  /** 0 where none came. */
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says, as JSON
  readonly body: any
  readonly cookie: string | undefined
  /** The node went away in the middle, or no answer came: nobody knows what became of the request. */
  readonly isLost: boolean
}

export interface Asked {
  readonly headers?: Record<string, string>
  readonly json?: unknown
  /** For a node that is paused: how long it may take. */
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
  /** Since the last time. */
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
    // What a balancer asks tells more than a code.
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
