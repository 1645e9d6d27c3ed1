/** Pure readers of the headers by which proxies name their clients. None throws. */

/** The hops from the right, the nearest first, without ports; undefined for one that is no address. */
export type HopReader = (header: string) => Iterable<string | undefined>

/** An address, maybe in brackets, maybe with a port (RFC 7239, 6: digits, or an obfuscated one). */
const NODE = /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::(?:\d{1,5}|_[\w.-]+))?$/
/** A parameter (RFC 7239, 4). Colons and brackets are taken without quotes too, as some proxies send them. */
const PARAMETER = /[ \t]*([!#$%&'*+.^`|~\w-]+)=("(?:[^"\\]|\\.)*"|[^\s"\\;,=]+)[ \t]*(?:;|$)/y

/** Reads `X-Forwarded-For`: addresses separated by commas, some proxies add ports. Empty ones are skipped. */
export function* xForwardedForHops(header: string): Iterable<string | undefined> {
  for (let end = header.length; end >= 0; ) {
    const comma = end === 0 ? -1 : header.lastIndexOf(',', end - 1)
    const hop = header.slice(comma + 1, end).trim()
    if (hop) yield addressOf(hop)
    end = comma
  }
}

/** Reads the `for` of each element of `Forwarded` (RFC 7239). Empty elements are skipped (RFC 9110, 5.6.1). */
export function* forwardedHops(header: string): Iterable<string | undefined> {
  for (const element of elementsOf(header)) {
    const node = parameterOf(element, 'for')
    yield node === undefined ? undefined : addressOf(node)
  }
}

/** Reads the `proto` of each element in the same order; undefined for one that has none, or cannot be read. */
export function* forwardedProtocols(header: string): Iterable<string | undefined> {
  for (const element of elementsOf(header)) yield parameterOf(element, 'proto')
}

/** From the right. */
function* elementsOf(header: string): Iterable<string> {
  for (let end = header.length; end >= 0; ) {
    const comma = commaBefore(header, end)
    const element = header.slice(comma + 1, end).trim()
    if (element) yield element
    end = comma
  }
}

/**
 * Where the last comma outside quotes stands, else -1. Quotes are matched from the right, since a client's
 * unfinished one must not swallow what proxies add after it.
 */
function commaBefore(header: string, end: number): number {
  let quoted = false
  for (let at = end - 1; at >= 0; at -= 1) {
    if (header[at] === ',' && !quoted) return at
    if (header[at] !== '"') continue
    let slashes = 0
    while (quoted && header[at - 1 - slashes] === '\\') slashes += 1
    // An odd number of backslashes: the last one makes the quote a part of the string.
    if (slashes % 2 === 0) quoted = !quoted
    at -= slashes
  }
  return -1
}

function parameterOf(element: string, wanted: string): string | undefined {
  let found: string | undefined
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < element.length) {
    const [, name = '', value = ''] = PARAMETER.exec(element) ?? []
    if (!name) return undefined
    if (name.toLowerCase() !== wanted) continue
    // Each parameter may come once in an element; of two it is unclear which one the proxy meant.
    if (found !== undefined) return undefined
    found = unquote(value)
  }
  return found
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}

/** IPv6 without brackets has no port. The caller finds out what is no address. */
function addressOf(node: string): string | undefined {
  const match = NODE.exec(node)
  if (match) return match[1] ?? match[2]
  return node
}
