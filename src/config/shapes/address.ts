/** Where to listen, as Go and InfluxDB write it: `:8086`, `127.0.0.1:8086`, `[::1]:8086`. */
import { isIPv6 } from 'node:net'

export interface Address {
  /** A name, an IPv4 or an IPv6 address (without brackets); undefined is every interface. */
  readonly host: string | undefined
  /** 0 lets the system choose one. */
  readonly port: number
}

/** The address, frozen, or undefined if `text` is not one. */
export function parseAddress(text: string): Address | undefined {
  const parts = /^(?:\[([^\][]*)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/.exec(text)
  if (!parts) return undefined
  const [, bracketed, name] = parts
  const port = Number(parts[3])
  if (port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined
  return Object.freeze({ host: bracketed ?? (name || undefined), port })
}

export function formatAddress({ host = '', port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
