/** Cross-site requests that a browser was made to send (ASVS 5.0 3.5.1): refused before they do anything. */
import type { FastifyRequest } from 'fastify'
import { SluiceError } from '../domain/errors.ts'

export interface TrustedOrigins {
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
  const own = origins.publicOrigin === undefined ? host?.toLowerCase() : undefined
  if (own !== undefined && hostOf(origin) === own) return
  throw forged()
}

const forged = () =>
  new ForgeryError(
    'a page of another site sent this request; if it may, name its origin with --allowed-origins, or this server with --public-url',
  )

/** The host and port of an origin; undefined for `null` and what is no origin. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
