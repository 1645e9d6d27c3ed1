/** Which headers cross the gateway, in each direction. */

/** Between two neighbours only (RFC 9110, 7.6.1), or about the framing of one connection. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'],
])

/**
 * What a client says and upstream must not hear: its credentials, what other proxies said of it, and what Sluice says
 * itself. `Origin` stays here, since Sluice answers for other origins.
 */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...['host', 'authorization', 'cookie', 'expect', 'content-length', 'origin'],
  ...['forwarded', 'x-real-ip', 'x-request-id', 'zap-trace-span'],
])
const NOT_FORWARDED_PREFIXES = ['x-forwarded-', 'x-sluice-']

/** And in the other direction: upstream's cookies would be taken for Sluice's. */
const NOT_ANSWERED: ReadonlySet<string> = new Set(['set-cookie'])
/** Which origins may read an answer, Sluice's settings say. */
const CROSS_ORIGIN = 'access-control-'

export interface OwnHeaders {
  readonly token: string
  readonly clientAddress: string
  readonly requestID: string
  /** Replaces the client's, if the gateway rewrote the body. */
  readonly contentType?: string | undefined
}

/** The headers of a request upstream, from Node's `rawHeaders`: names and values in turn. */
export function upstreamHeaders(raw: readonly string[], own: OwnHeaders): string[] {
  const dropped = connectionOptions(raw)
  const { contentType } = own
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || NOT_FORWARDED.has(lower) || dropped?.has(lower)) continue
    if (NOT_FORWARDED_PREFIXES.some((prefix) => lower.startsWith(prefix))) continue
    if (contentType !== undefined && lower === 'content-type') continue
    headers.push(name, raw[at + 1] as string)
  }
  if (contentType !== undefined) headers.push('content-type', contentType)
  // After the client's, so that no header of `Connection` takes them away.
  headers.push('authorization', `Token ${own.token}`)
  headers.push('x-forwarded-for', own.clientAddress, 'x-request-id', own.requestID)
  return headers
}

/** The headers of an answer for the client. */
export function answerHeaders(raw: readonly string[]): string[] {
  const dropped = connectionOptions(raw)
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || NOT_ANSWERED.has(lower) || dropped?.has(lower)) continue
    if (lower.startsWith(CROSS_ORIGIN)) continue
    headers.push(name, raw[at + 1] as string)
  }
  return headers
}

/** The headers that `Connection` names, in lower case; undefined without any. */
function connectionOptions(raw: readonly string[]): Set<string> | undefined {
  let found: Set<string> | undefined
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    for (const option of (raw[at + 1] as string).split(',')) {
      const lower = option.trim().toLowerCase()
      if (lower === 'keep-alive' || lower === 'close' || lower === '') continue
      found = (found ?? new Set()).add(lower)
    }
  }
  return found
}
