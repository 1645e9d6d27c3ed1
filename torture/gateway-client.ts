/** Clients of the gateway that keep a ledger of what was acknowledged to them. */
import { Agent, type IncomingMessage, request } from 'node:http'

export interface GatewayAnswer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

export interface Exchange {
  readonly method?: string
  readonly path: string
  readonly headers: Record<string, string>
  /** A text, or the size in bytes of the line protocol to send, a multiple of 50. */
  readonly body?: string | number
  /** Without it a body of bytes has its length. */
  readonly isChunked?: boolean
  /** What to do with each part of the answer instead of keeping it; resolves when the next one may come. */
  readonly onPart?: (part: Buffer) => Promise<void> | undefined
  /** Goes away after that time. */
  readonly leaveAfterMs?: number
}

const MOST_MS = 20_000
/** Of 50 bytes each, so that bodies of round sizes end with a whole line. */
const LINE = 'cpu,host=server01,region=eu-west,az=77 usage=12.5\n'
const LINES = Buffer.from(LINE.repeat(1310))

/** Throws if the connection broke off, and if nothing is heard for 20 s. */
export function exchange(url: string, agent: Agent, options: Exchange): Promise<GatewayAnswer> {
  const { method = 'POST', path, headers, body = '', isChunked = false } = options
  const { promise, resolve, reject } = Promise.withResolvers<GatewayAnswer>()
  const length = isChunked
    ? {}
    : { 'content-length': typeof body === 'number' ? body : Buffer.byteLength(body) }
  const sent = request(`${url}${path}`, { agent, method, headers: { ...headers, ...length } })
  sent.setTimeout(MOST_MS, () => sent.destroy(new Error(`nothing was heard for ${MOST_MS} ms`)))
  if (options.leaveAfterMs !== undefined) setTimeout(() => sent.destroy(), options.leaveAfterMs)
  sent.on('error', reject)
  sent.on('response', (response) => {
    read(response, options.onPart).then(
      (text) => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
      reject,
    )
  })
  if (typeof body === 'string') sent.end(body)
  else upload()
  return promise

  /** Ends early once it was answered. */
  function upload(left = body as number): void {
    let rest = left
    while (rest > 0) {
      const part = LINES.subarray(0, Math.min(rest, LINES.length))
      rest -= part.length
      if (!sent.write(part)) {
        sent.once('drain', () => upload(rest))
        return
      }
    }
    sent.end()
  }
}

const REST_MS = 1500

/**
 * Counts the bytes of an answer that should have `expected`, and rests once in the middle: what is left must not wait in
 * the server's memory meanwhile.
 */
export async function download(
  url: string,
  asked: Omit<Exchange, 'onPart'>,
  expected: number,
): Promise<{ readonly status: number; readonly bytes: number }> {
  let bytes = 0
  let hasRested = false
  const { status } = await exchange(url, new Agent(), {
    ...asked,
    onPart(part) {
      bytes += part.length
      if (hasRested || bytes < expected / 2) return undefined
      hasRested = true
      return new Promise((resolve) => setTimeout(resolve, REST_MS))
    },
  })
  return { status, bytes }
}

async function read(response: IncomingMessage, onPart: Exchange['onPart']): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response as AsyncIterable<Buffer>) {
    if (onPart) await onPart(part)
    else parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The answers that writers got for their points. Each id is sent once. */
export interface PointLedger {
  readonly acknowledged: Set<number>
  /** Of writes that were refused or broke off, by status; 0 for a connection that broke off. */
  readonly refused: Map<number, number>
  readonly wrong: string[]
  slowestMs: number
}

export const createPointLedger = (): PointLedger => ({
  ...{ acknowledged: new Set(), refused: new Map(), wrong: [], slowestMs: 0 },
})

export interface Writing {
  readonly url: string
  readonly path: string
  /** Of the writers in turn. */
  readonly credentials: readonly Record<string, string>[]
  readonly ledger: PointLedger
  /** Statuses that upstream may give itself. */
  readonly expected: ReadonlySet<number>
}

let lastID = 0

/** Writes points, each alone, until the function it returns is called; that resolves with the last answer. */
export function startWriters(count: number, writing: Writing): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  let isOver = false
  const writers = Array.from({ length: count }, async (_, index) => {
    const headers = writing.credentials[index % writing.credentials.length] as Record<string, string>
    while (!isOver) await write(writing, agent, headers)
  })
  return async () => {
    isOver = true
    await Promise.all(writers)
    agent.destroy()
  }
}

async function write(
  { url, path, ledger, expected }: Writing,
  agent: Agent,
  headers: Record<string, string>,
): Promise<void> {
  lastID += 1
  const id = lastID
  const begun = performance.now()
  const outcome = await exchange(url, agent, { path, headers, body: `w id=${id}\n` }).catch(
    (error: Error) => error,
  )
  ledger.slowestMs = Math.max(ledger.slowestMs, performance.now() - begun)
  if (outcome instanceof Error) {
    // An answer must come for every write: nothing of one has begun before upstream has answered.
    ledger.wrong.push(`write ${id}: ${outcome.message}`)
    ledger.refused.set(0, (ledger.refused.get(0) ?? 0) + 1)
    return
  }
  const { status } = outcome
  if (status === 204) {
    ledger.acknowledged.add(id)
    return
  }
  ledger.refused.set(status, (ledger.refused.get(status) ?? 0) + 1)
  if (!expected.has(status)) ledger.wrong.push(`write ${id}: ${status} ${outcome.body}`)
  const problem = schemaProblem(outcome)
  if (problem) ledger.wrong.push(`write ${id}: ${status} ${problem}`)
}

/** Whether a refusal has the documented form; says what is wrong with it. */
export function schemaProblem({ body }: GatewayAnswer): string | undefined {
  try {
    const { code, message } = JSON.parse(body)
    if (typeof code === 'string' && typeof message === 'string') return undefined
  } catch {
    // Said below.
  }
  return `is not in the documented schema: ${body.slice(0, 100)}`
}
