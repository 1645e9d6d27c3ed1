/** The one table that decides which handler answers a path: the API, the pages, and what stands beside them. */
import type { IncomingMessage, RequestListener } from 'node:http'

/** The time that clients may take with one handler's requests; milliseconds, 0 is no limit. */
export interface ClientLimits {
  /** For a request's body to arrive, once its headers are there. */
  readonly bodyTimeoutMs: number
  /** For an answer to be taken, and a second more for each 64 KB of it. */
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
  /** Where it is false, the entry with the next path above is asked. Without it the entry takes every request. */
  readonly takes?: (request: IncomingMessage) => boolean
  readonly handler: Handler
}

/** The handler of a request. */
export type Dispatch = (request: IncomingMessage) => Handler

/**
 * The path of most segments decides, compared with the target as it was sent: `/%61pi` is not `/api`. So a handler must
 * authenticate for itself and not rely on what the path of another one covers. What no entry takes, `otherwise`
 * answers. `before` runs for each request before its handler. Throws where an entry could never be reached.
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

/** How many segments a path has. A path lies below another one only where it has more. */
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
