import { type IncomingMessage, ServerResponse } from 'node:http'
import { isArriving } from './slow-clients.ts'

/** The private members of Node that Sluice uses, with the reasons at `withConstantHeaders`. */
interface HeaderWriter {
  /**
   * Whether Node closes the connection as soon as this response is sent. Node sets it for a response with
   * `Connection: close`. Sluice needs that header without the immediate close, and Node has no public API for that.
   */
  _last: boolean
  _storeHeader(firstLine: string, headers: unknown): void
}

/** The names, in lower case, of those that a response has in a value of its own. */
const OWN = Symbol('headers that a response has in a value of its own')

interface WithOwn {
  [OWN]?: ReadonlySet<string>
}

/** Leaves these constant headers out of one response, which sends its own in their place. */
export function leaveOutConstant(response: ServerResponse, names: ReadonlySet<string>): void {
  const own = response as ServerResponse & WithOwn
  own[OWN] = names
}

/**
 * A response class that sends the same headers with every answer. They are put behind the status line as text that is
 * made once. By `writeHead`, which is public, Node checks and joins each of them for each answer: a bare Fastify route
 * then serves 0.81, 0.84 and 0.92 of the requests (three runs of `npm run bench -- --headers` on two busy cores), and
 * `GET /me` with all that it does must serve 0.8.
 *
 * An answer that is given before the request's body is there says that the connection ends with it, since the rest
 * will not be read. `watchBody` ends it later, not Node with the answer itself: the client might lose that then
 * (RFC 9112, 9.6).
 */
export function withConstantHeaders(headers: Readonly<Record<string, string>>): typeof ServerResponse {
  const block = blockOf(headers)
  /** Cached by the set of omitted headers; there are few such sets. */
  const blocks = new WeakMap<ReadonlySet<string>, string>()
  const { _storeHeader: storeHeader } = ServerResponse.prototype as unknown as HeaderWriter

  function blockWithout(names: ReadonlySet<string>): string {
    const known = blocks.get(names)
    if (known !== undefined) return known
    const made = blockOf(headers, names)
    blocks.set(names, made)
    return made
  }

  class ConstantHeadersResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
    _storeHeader(firstLine: string, own: unknown): void {
      const isEarly = isArriving(this.req)
      if (isEarly) this.shouldKeepAlive = false
      const leftOut = (this as WithOwn)[OWN]
      storeHeader.call(this, firstLine + (leftOut ? blockWithout(leftOut) : block), own)
      if (isEarly) (this as unknown as HeaderWriter)._last = false
    }
  }
  return ConstantHeadersResponse as unknown as typeof ServerResponse
}

function blockOf(headers: Readonly<Record<string, string>>, leftOut?: ReadonlySet<string>): string {
  return Object.entries(headers)
    .filter(([name]) => !leftOut?.has(name))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}
