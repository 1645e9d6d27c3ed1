/** Cross-site requests that a browser was made to send (ASVS 5.0 3.5.1): refused before they do anything. */
import type { FastifyRequest } from 'fastify'
import { SluiceError } from '../domain/errors.ts'

export interface TrustedOrigins {
  /**
   * How this server's own pages are reached, by the host that was asked for, where it has no public origin. Without
   * TLS of its own there may be a proxy before it that has it.
   */
  readonly schemes: readonly ('http' | 'https')[]
  /** Where the server is reached from outside, such as behind a proxy that changes the host; an origin. */
  readonly publicOrigin: string | undefined
  /** Further origins whose pages may act for their users. */
  readonly allowed: ReadonlySet<string>
}

/** Refused before anybody asked who it was. */
export class ForgeryError extends SluiceError {
  constructor(message: string) {
    super('forbidden', message)
  }
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Throws `forbidden` for an unsafe request when `Sec-Fetch-Site` says that another site sent it, or `Origin`
 * is neither this server's nor an allowed one. With neither header it passes: no browser sends it so.
 */
export function refuseForgery(request: FastifyRequest, origins: TrustedOrigins): void {
  if (SAFE_METHODS.has(request.method)) return
  const { origin, host } = request.headers
  const isAllowed = origin !== undefined && origins.allowed.has(origin)
  if (request.headers['sec-fetch-site'] === 'cross-site' && !isAllowed) throw forged()
  if (origin === undefined || isAllowed || origin === origins.publicOrigin) return
  const isOwn = origins.schemes.some((scheme) => host !== undefined && origin === originOf(scheme, host))
  if (origins.publicOrigin === undefined && isOwn) return
  throw forged()
}

const forged = () =>
  new ForgeryError(
    'a page of another site sent this request; if it may, name its origin with --allowed-origins, or this server with --public-url',
  )

/** A host and port, and nothing that makes a URL of it (RFC 9110, 7.2). */
const HOST = /^[^\s/?#@\\]+$/

/** As browsers write an origin (RFC 6454, 6.2): in lower case, without the scheme's own port. */
function originOf(scheme: string, host: string): string | undefined {
  const url = `${scheme}://${host}`
  return HOST.test(host) && URL.canParse(url) ? new URL(url).origin : undefined
}
