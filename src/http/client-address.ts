import { BlockList, isIP } from 'node:net'
import { canonicalAddress } from '../domain/guessing/address-key.ts'
import { forwardedHops, type HopReader, xForwardedForHops } from './forwarded-hops.ts'

export type ClientAddress = (remote: string | undefined, headers: ForwardingHeaders) => string

/** Node's headers: in lower case, repeated ones joined by commas. */
export type ForwardingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

const READERS = { forwarded: forwardedHops, 'x-forwarded-for': xForwardedForHops } as const

const WORDS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  /** RFC 1918 and RFC 4193. */
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Makes the reader of a request's client address: the address of the connection or, where that is a `trusted`
 * proxy, the one that it forwards. Hops are read from the right, since whatever a client sends stands to the
 * left of what the proxies add: the first one that is not trusted is the client, and one that cannot be read
 * ends the walk at the one before it. Never throws. The answer is an IP as `canonicalAddress` writes it; what
 * is not one (a connection that is gone has no address) is given back, undefined as ''.
 *
 * Without `header` either of the two is read, `Forwarded` (RFC 7239) or `X-Forwarded-For`. Where both are there
 * and do not name the same client, neither is believed, and the address is the proxy's: a proxy that knows only
 * one of them passes the other on as the client wrote it (ASVS 5.0 4.1.3).
 *
 * @throws Error as `parseTrusted`
 */
export function createClientAddress(options: {
  trusted: readonly string[]
  header?: keyof typeof READERS
}): ClientAddress {
  if (options.trusted.length === 0) return (remote = '') => asWritten(remote)
  const { blockList } = parseTrusted(options.trusted)
  const isTrusted = (address: string) => blockList.check(address, familyOf(address))
  const names = options.header ? [options.header] : (['forwarded', 'x-forwarded-for'] as const)

  /** The first hop from the right that is not trusted, beginning at a proxy that is. */
  function clientBehind(proxy: string, hops: ReturnType<HopReader>): string {
    let client = proxy
    for (const hop of hops) {
      const address = hop === undefined ? undefined : canonicalAddress(hop)
      if (address === undefined) return client
      client = address
      if (!isTrusted(client)) return client
    }
    return client
  }

  return (remote = '', headers) => {
    const proxy = canonicalAddress(remote)
    if (proxy === undefined) return remote
    if (!isTrusted(proxy)) return proxy
    const [client = proxy, ...others] = names
      .filter((name) => headers[name] !== undefined)
      .map((name) => clientBehind(proxy, READERS[name](String(headers[name]))))
    return others.every((other) => other === client) ? client : proxy
  }
}

/**
 * Reads the addresses of trusted proxies: IPs, CIDR ranges (RFC 4632), `loopback` and `private`.
 *
 * @throws Error that names the first entry that is none of these
 */
export function parseTrusted(list: readonly string[]): { blockList: BlockList } {
  const blockList = new BlockList()
  for (const entry of list) {
    const ranges = Object.hasOwn(WORDS, entry) ? WORDS[entry] : [entry]
    for (const range of ranges ?? []) addRange(blockList, range)
  }
  return { blockList }
}

function addRange(blockList: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/')
  // A zone says through which interface to answer, which is no property of a proxy.
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) throw notTrustable(range)
  const family = familyOf(address)
  if (prefix === undefined) {
    blockList.addAddress(address, family)
    return
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 'ipv4' ? 32 : 128)) throw notTrustable(range)
  blockList.addSubnet(address, Number(prefix), family)
}

function notTrustable(entry: string): Error {
  return new Error(`${JSON.stringify(entry)} is not an IP address, a CIDR range, "loopback" or "private"`)
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

/** Sockets write addresses in their canonical form already, except for the IPv4 ones of a dual-stack socket. */
function asWritten(remote: string): string {
  return remote.startsWith('::ffff:') ? (canonicalAddress(remote) ?? remote) : remote
}
