/** The address and credentials of Redis, from a URL. */

export interface RedisAccess {
  readonly host: string
  readonly port: number
  readonly username?: string
  /** A function is called at each connection. */
  readonly password?: string | (() => string)
  readonly database: number
  /** Present for TLS. `ca` is PEM. */
  readonly tls?: { readonly ca?: string }
}

const DEFAULT_PORT = 6379
const FORM = 'it must be such as redis://user:password@host:6379/0, or rediss:// for TLS'

/** Reads `redis[s]://[user][:password]@host[:port][/database]`. Throws without repeating the URL. */
export function parseRedisUrl(text: string): Omit<RedisAccess, 'tls'> & { readonly secure: boolean } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const database = /^\/?(\d{0,5})$/.exec(url?.pathname ?? '?')?.[1]
  if (
    !url ||
    !isDecodable(url.username + url.password) ||
    !/^rediss?:$/.test(url.protocol) ||
    url.hostname === '' ||
    database === undefined
  ) {
    throw new TypeError(FORM)
  }
  return {
    secure: url.protocol === 'rediss:',
    // A URL writes IPv6 in brackets, a socket does not.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || DEFAULT_PORT),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    database: Number(database),
  }
}

function isDecodable(text: string) {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

/** Reads `host:port`, with IPv6 in brackets; undefined for anything else. */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port }
}
