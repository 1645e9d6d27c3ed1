/** How client addresses are written and counted. */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'

const MAPPED_PREFIX = '::ffff:'

/**
 * The canonical text of an IP address (RFC 5952): an IPv4-mapped one as IPv4 (RFC 4291, 2.5.5.2), and without a zone,
 * which means something only on this host. Undefined for other text.
 */
export function canonicalAddress(address: string): string | undefined {
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  const [withoutZone] = address.split('%')
  const canonical = new SocketAddress({ address: withoutZone, family: 'ipv6' }).address
  const embedded = canonical.slice(MAPPED_PREFIX.length)
  return canonical.startsWith(MAPPED_PREFIX) && isIPv4(embedded) ? embedded : canonical
}

/**
 * The key under which an address is counted: an IPv6 address by its /64 (`2001:db8:1:2::/64`), since a client that
 * has one address usually has all of these. Text that is no address is its own key.
 */
export function addressKey(address: string): string {
  const canonical = canonicalAddress(address)
  if (canonical === undefined || isIPv4(canonical)) return canonical ?? address
  const network = `${firstGroups(canonical).join(':')}::`
  return `${new SocketAddress({ address: network, family: 'ipv6' }).address}/64`
}

/** The first four of the eight groups. Canonical text has one `::` at most, dotted digits only at its end. */
function firstGroups(canonical: string): string[] {
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean))
  const written = head.length + tail.length + (canonical.includes('.') ? 1 : 0)
  return [...head, ...Array<string>(8 - written).fill('0'), ...tail].slice(0, 4)
}
