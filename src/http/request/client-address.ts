import { canonicalAddress } from '../../domain/base/address-key.ts'
import { forwardedHops, type HopReader, xForwardedForHops } from './forwarded-hops.ts'

export type ClientAddress = (remote: string | undefined, headers: ForwardingHeaders) => string

/** Node's headers: in lower case, repeated ones joined by commas. */
export type ForwardingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

type IsTrusted = (address: string) => boolean

const READERS = { forwarded: forwardedHops, 'x-forwarded-for': xForwardedForHops } as const

/**
 * Makes the reader of a request's client address: the address of the connection or, if that is a trusted
 * proxy's, the one that it forwards. Hops are read from the right, since whatever a client sends stands to the
 * left of what the proxies add: the first one that is not trusted is the client, and one that cannot be read
 * ends the walk at the one before it. Never throws. The answer is an IP as `canonicalAddress` writes it; what
 * is not one (a connection that is gone has no address) is given back, undefined as ''.
 *
 * Without `header` either of the two is read, `Forwarded` (RFC 7239) or `X-Forwarded-For`. If both are there
 * and do not name the same client, neither is believed, and the address is the proxy's: a proxy that knows only
 * one of them passes the other on as the client wrote it (ASVS 5.0 4.1.3).
 */
export function createClientAddress(options: {
  /** Decides by the canonical address (`canonicalAddress`); undefined if no proxy is trusted. */
  isTrusted: IsTrusted | undefined
  header?: keyof typeof READERS
}): ClientAddress {
  const { isTrusted } = options
  if (!isTrusted) return (remote = '') => asWritten(remote)
  const names = options.header ? [options.header] : (['forwarded', 'x-forwarded-for'] as const)

  return (remote = '', headers) => {
    const proxy = canonicalAddress(remote)
    if (proxy === undefined) return remote
    if (!isTrusted(proxy)) return proxy
    const [client = proxy, ...others] = names
      .filter((name) => headers[name] !== undefined)
      .map((name) => clientBehind(proxy, READERS[name](String(headers[name])), isTrusted))
    return others.every((other) => other === client) ? client : proxy
  }
}

/** The first hop from the right that is not trusted, beginning at a proxy that is. */
function clientBehind(proxy: string, hops: ReturnType<HopReader>, isTrusted: IsTrusted): string {
  let client = proxy
  for (const hop of hops) {
    const address = hop === undefined ? undefined : canonicalAddress(hop)
    if (address === undefined) return client
    client = address
    if (!isTrusted(client)) return client
  }
  return client
}

/** Sockets write addresses in their canonical form already, except for the IPv4 ones of a dual-stack socket. */
function asWritten(remote: string): string {
  return remote.startsWith('::ffff:') ? (canonicalAddress(remote) ?? remote) : remote
}
