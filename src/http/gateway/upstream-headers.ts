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
  /** Whether the gateway sends the body without the coding that the client gave it. */
  readonly isDecoded?: boolean
}

const CODING: ReadonlySet<string> = new Set(['content-encoding'])

/** What becomes of a header, by its name alone. */
type Fate = 'kept' | 'dropped' | 'connection' | 'content-type'

/** Finds the fate of each name once: most requests write the same few in the same way. */
function fates(isDropped: (lower: string) => boolean): (name: string) => Fate {
  const known = new Map<string, Fate>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const lower = name.toLowerCase()
    const fate =
      lower === 'connection' || lower === 'content-type' ? lower : isDropped(lower) ? 'dropped' : 'kept'
    if (known.size < MOST_NAMES && name.length <= LONGEST_NAME) known.set(name, fate)
    return fate
  }
}

/** A client that makes up names must not fill the memory. */
const MOST_NAMES = 1000
const LONGEST_NAME = 100

const fateUpstream = fates(
  (lower) =>
    HOP_BY_HOP.has(lower) ||
    NOT_FORWARDED.has(lower) ||
    NOT_FORWARDED_PREFIXES.some((prefix) => lower.startsWith(prefix)),
)
const fateOfAnswer = fates(
  (lower) => HOP_BY_HOP.has(lower) || NOT_ANSWERED.has(lower) || lower.startsWith(CROSS_ORIGIN),
)

/** The headers of a request upstream, from Node's `rawHeaders`: names and values in turn. */
export function upstreamHeaders(raw: readonly string[], own: OwnHeaders): string[] {
  const { contentType } = own
  const crossed = crossing(raw, fateUpstream, contentType !== undefined)
  const headers = own.isDecoded ? without(crossed, CODING) : crossed
  if (contentType !== undefined) headers.push('content-type', contentType)
  // After the client's, so that no header of `Connection` takes them away.
  headers.push('authorization', `Token ${own.token}`)
  headers.push('x-forwarded-for', own.clientAddress, 'x-request-id', own.requestID)
  return headers
}

/** The headers of an answer for the client. */
export function answerHeaders(raw: readonly string[]): string[] {
  return crossing(raw, fateOfAnswer, false)
}

function crossing(
  raw: readonly string[],
  fateOf: (name: string) => Fate,
  isContentTypeReplaced: boolean,
): string[] {
  const headers: string[] = []
  let options: Set<string> | undefined
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    const fate = fateOf(name)
    if (fate === 'connection') options = connectionOptions(raw[at + 1] as string, options)
    else if (fate === 'kept' || (fate === 'content-type' && !isContentTypeReplaced)) {
      headers.push(name, raw[at + 1] as string)
    }
  }
  return options ? without(headers, options) : headers
}

/** Adds the headers that `Connection` names, in lower case, beside its own keywords. */
function connectionOptions(value: string, found: Set<string> | undefined): Set<string> | undefined {
  if (value === 'keep-alive' || value === 'close') return found
  const options = value.split(',').map((option) => option.trim().toLowerCase())
  const names = options.filter((option) => option !== '' && option !== 'keep-alive' && option !== 'close')
  return names.length === 0 ? found : new Set([...(found ?? []), ...names])
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const left: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string
    if (!names.has(name.toLowerCase())) left.push(name, headers[at + 1] as string)
  }
  return left
}
