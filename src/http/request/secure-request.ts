/** Whether the client of a request used TLS, to this server or to a proxy. */
import type { IncomingHttpHeaders } from 'node:http'
import { canonicalAddress } from '../../domain/base/address-key.ts'
import { forwardedProtocols } from './forwarded-hops.ts'

/** The parts of a request that are read here; Node's and Fastify's requests both have them. */
export interface ReceivedRequest {
  readonly socket: { readonly remoteAddress?: string | undefined }
  readonly headers: IncomingHttpHeaders
}

export type IsSecure = (request: ReceivedRequest) => boolean

/**
 * True if this server itself speaks TLS or is reached by it from outside (`always`), and if a trusted proxy
 * says `https` in `X-Forwarded-Proto` or `Forwarded` (RFC 7239). Of a list the leftmost value counts, which is what
 * the client spoke; if both headers are there and differ, neither is believed. A client that makes the header up
 * only gets a cookie that its own browser does not keep.
 */
export function createIsSecure(options: {
  always: boolean
  /** Decides by the canonical address (`canonicalAddress`); undefined if no proxy is trusted. */
  isTrusted: ((address: string) => boolean) | undefined
}): IsSecure {
  const { always, isTrusted } = options
  if (always || !isTrusted) return () => always
  return ({ socket, headers }) => {
    const proxy = canonicalAddress(socket.remoteAddress ?? '')
    if (proxy === undefined || !isTrusted(proxy)) return false
    const said = [protocolIn(headers['x-forwarded-proto']), forwardedProtocol(headers.forwarded)]
      .filter((each) => each !== undefined)
      .map((each) => each.toLowerCase() === 'https')
    return said.length > 0 && said.every(Boolean)
  }
}

function protocolIn(header: string | readonly string[] | undefined): string | undefined {
  return header === undefined ? undefined : (String(header).split(',')[0] ?? '').trim()
}

function forwardedProtocol(header: string | undefined): string | undefined {
  return header === undefined ? undefined : [...forwardedProtocols(header)].at(-1)
}
