/** Which headers cross with a file of upstream's UI, in each direction. */
import { answerHeaders } from '../gateway/upstream-headers.ts'

/** The request headers that select the form of a file; all others, with credentials, are not forwarded. */
const FORWARDED: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'user-agent'],
  ...['if-none-match', 'if-modified-since', 'if-range', 'range'],
])

/** The headers of a request upstream, from Node's `rawHeaders`: names and values in turn. */
export function requestHeaders(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    if (FORWARDED.has(name.toLowerCase())) headers.push(name, raw[at + 1] as string)
  }
  return headers
}

/**
 * Constant headers of this server that would break that UI, or that upstream sends itself: a policy of this server's
 * for scripts and styles that it does not know, `no-store`, and `no-referrer`, since the UI's requests are known by
 * their `Referer`.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['content-security-policy', 'cache-control', 'referrer-policy'],
  ...['x-influxdb-build', 'x-influxdb-version'],
])

/** Upstream decides what its UI may load and run; this header forbids other sites to frame it (ASVS 5.0 3.4.6). */
export const OWN_HEADERS: readonly string[] = ['content-security-policy', "frame-ancestors 'self'"]

/**
 * The headers of the answer. Pages are revalidated each time: upstream lets browsers keep them for an hour, and a
 * browser that keeps `/signin` would not ask, so it could not be led from there; nor would it see that upstream was
 * upgraded, or that `ui` is another.
 */
export function fileHeaders(raw: readonly string[], target: string): string[] {
  const headers = answerHeaders(raw)
  if (!isPage(headers, target)) return headers
  const kept: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string
    if (name.toLowerCase() !== 'cache-control') kept.push(name, headers[at + 1] as string)
  }
  return [...kept, 'cache-control', 'no-cache']
}

/**
 * Whether the response is a page: the path names no file, or upstream answered with HTML, as for a file that it does
 * not have.
 */
function isPage(headers: readonly string[], target: string): boolean {
  if (!target.slice(target.lastIndexOf('/')).includes('.')) return true
  return headers.some(
    (name, at) =>
      at % 2 === 0 && name.toLowerCase() === 'content-type' && headers[at + 1]?.startsWith('text/html'),
  )
}
