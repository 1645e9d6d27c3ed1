/** The one table that decides which handler answers a path: the API, the pages, and what stands beside them. */
import type { IncomingMessage, RequestListener } from 'node:http'

/** The time that clients may take with one handler's requests; milliseconds, 0 is no limit. */
export interface ClientLimits {
  /** How long a request's body may take after its headers. */
  readonly bodyTimeoutMs: number
  /** How long the client may take to read a response, plus a second for each 64 KB of it. */
  readonly readerTimeoutMs: number
}

export interface Handler {
  readonly handle: RequestListener
  readonly limits: ClientLimits
  /**
   * Whether the handler itself tells a client that sent `Expect: 100-continue` to go on (`writeContinue`), once it has
   * decided that it wants the body (RFC 9110, 10.1.1). Otherwise the listener says so at once.
   */
  readonly asksForBody?: true
}

export interface DispatchEntry {
  /** This path and all below it: `/health` stands for `/health/x` too, but not for `/healthy`; `/` for every path. */
  readonly path: string
  /** If it returns false, the entry with the next shorter path is tried. Without it the entry takes every request. */
  readonly takes?: (request: IncomingMessage) => boolean
  readonly handler: Handler
}

/** The handler of a request. */
export type Dispatch = (request: IncomingMessage) => Handler

/**
 * Picks the entry with the most path segments that match the target as sent: `/%61pi` is not `/api`. So each handler
 * must authenticate by itself and not rely on another one's path. `otherwise` answers requests that no entry takes.
 * `before` runs for each request before its handler. Throws if an entry could never be reached.
 */
export function createDispatch(options: {
  entries: readonly DispatchEntry[]
  otherwise: Handler
  before?: RequestListener | undefined
}): Dispatch {
  const { before } = options
  const whole = new Set<string>()
  for (const { path, takes } of options.entries) {
    if (whole.has(path)) throw new Error(`an earlier entry takes every request for ${path}`)
    if (!takes) whole.add(path)
  }
  const entries = options.entries
    .map((entry) => ({ ...entry, handler: after(before, entry.handler) }))
    .toSorted((a, b) => depthOf(b.path) - depthOf(a.path))
  const otherwise = after(before, options.otherwise)

  return (request) => {
    const url = request.url ?? ''
    for (const { path, takes, handler } of entries) {
      if (isUnder(url, path) && (takes === undefined || takes(request))) return handler
    }
    return otherwise
  }
}

/** How many segments a path has. A path lies below another one only if it has more. */
const depthOf = (path: string): number => path.split('/').filter(Boolean).length

function isUnder(url: string, path: string): boolean {
  if (!url.startsWith(path)) return false
  if (path === '/' || url.length === path.length) return true
  const next = url[path.length]
  return next === '/' || next === '?'
}

function after(before: RequestListener | undefined, handler: Handler): Handler {
  if (!before) return handler
  return {
    ...handler,
    handle(request, response) {
      before(request, response)
      handler.handle(request, response)
    },
  }
}
