/** Requests that two parsers could read differently (request smuggling, ASVS 5.0 4.2.1), beyond what Node's refuses. */
import type { IncomingMessage } from 'node:http'
import { invalid, SluiceError } from '../../domain/base/errors.ts'

/**
 * Headers that may come once. Node keeps the first of some and joins others, and a proxy or an upstream might take
 * the last: of two hosts, two credentials or two origins it is unclear which one was meant.
 */
const ONCE: ReadonlySet<string> = new Set(['host', 'authorization', 'origin', 'sec-fetch-site'])
/** A bit for each of their lengths, by which most headers are skipped quickly. */
const LENGTHS = [...ONCE].reduce((bits, { length }) => bits | (1 << length), 0)

/** A host, an IPv4 address or an IPv6 address in brackets, maybe with a port (RFC 9112, 3.2; RFC 3986, 3.2.2). */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d{0,5})?$/

/**
 * The error, 400 or 501, for a request that could be read in two ways; undefined otherwise. Node refuses some before:
 * two lengths, a length beside a transfer coding, white space before a colon.
 */
export function ambiguityIn({ httpVersion, headers, rawHeaders }: IncomingMessage): SluiceError | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return invalid('send the request in HTTP/1.1')
  const repeated = repeatedIn(rawHeaders)
  if (repeated !== undefined) return invalid(`the header ${repeated} may come only once in a request`)
  const { host, 'transfer-encoding': coding } = headers
  if (host === undefined && httpVersion === '1.1') {
    return invalid('the header Host is missing; HTTP/1.1 needs one')
  }
  if (host !== undefined && !HOST.test(host)) {
    return invalid('the header Host must be a host name or an address, maybe with a port')
  }
  if (coding === undefined) return undefined
  if (httpVersion === '1.0') return invalid('HTTP/1.0 has no Transfer-Encoding; send Content-Length')
  if (coding.toLowerCase() === 'chunked') return undefined
  return new SluiceError('not implemented', 'of transfer codings only chunked is read')
}

function repeatedIn(rawHeaders: readonly string[]): string | undefined {
  let seen = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const { length } = rawHeaders[at] as string
    const bit = length < 32 ? LENGTHS & (1 << length) : 0
    // Two names of one length may be the same name; nothing is compared before.
    if ((seen & bit) !== 0) return firstRepeated(rawHeaders)
    seen |= bit
  }
  return undefined
}

function firstRepeated(rawHeaders: readonly string[]): string | undefined {
  const seen: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    const lower = name.toLowerCase()
    if (!ONCE.has(lower)) continue
    if (seen.includes(lower)) return name
    seen.push(lower)
  }
  return undefined
}
