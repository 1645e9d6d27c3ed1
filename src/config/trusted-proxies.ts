/** Which proxies are trusted: IPs, CIDR ranges (RFC 4632), `loopback` and `private`. */
import { BlockList, isIP } from 'node:net'
import { quoted } from './refusals/quote.ts'

const WORDS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  /** RFC 1918 and RFC 4193. */
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Whether an IP address is that of one of these proxies; undefined if there are none.
 *
 * @throws Error that names the first entry that cannot be read
 */
export function parseTrustedProxies(list: readonly string[]): ((address: string) => boolean) | undefined {
  if (list.length === 0) return undefined
  const trusted = new BlockList()
  for (const entry of list) {
    const ranges = Object.hasOwn(WORDS, entry) ? WORDS[entry] : [entry]
    for (const range of ranges ?? []) addRange(trusted, range)
  }
  return (address) => trusted.check(address, familyOf(address))
}

function addRange(trusted: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/')
  // A zone says through which interface to answer, which is no property of a proxy.
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) throw notTrustable(range)
  const family = familyOf(address)
  if (prefix === undefined) {
    trusted.addAddress(address, family)
    return
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 'ipv4' ? 32 : 128)) throw notTrustable(range)
  trusted.addSubnet(address, Number(prefix), family)
}

function notTrustable(entry: string): Error {
  return new Error(`${quoted(entry)} is not an IP address, a CIDR range, "loopback" or "private"`)
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
