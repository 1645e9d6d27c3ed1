/** Requests that a page of another site made a browser send (ASVS 5.0 3.5.1): refused before they do anything. */
import { SluiceError } from '../../domain/base/errors.ts'
import type { SentRequest } from '../request/plain-request.ts'

export interface TrustedOrigins {
  /**
   * The schemes by which this server's own pages may be reached at the request's host, if it has no public origin.
   * Without TLS of its own there may be a proxy in front that has it.
   */
  readonly schemes: readonly ('http' | 'https')[]
  /** The origin at which clients reach the server, such as behind a proxy that changes the host. */
  readonly publicOrigin: string | undefined
  /** Further origins whose pages may act for their users. */
  readonly allowed: ReadonlySet<string>
  /**
   * Origins whose pages may sign in and out: those to which the settings restrict CORS. Empty if they do not restrict
   * it.
   */
  readonly mayEnter: ReadonlySet<string>
}

/** A refusal before authentication. */
export class ForgeryError extends SluiceError {
  constructor(message: string) {
    super('forbidden', message, { reason: 'forged-request' })
  }
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * For requests by cookie: throws `forbidden` for an unsafe method, or a WebSocket, from a page of another origin. `Sec-Fetch-Site`
 * decides if the browser sends it, since no page can set it and proxies that change the host do not: `same-origin`
 * passes. Otherwise `Origin` must be this server's or an allowed one. A request with neither header passes, because
 * browsers always send one of them.
 *
 * A name that is rebound to this server's address (DNS rebinding) is `same-origin` too, but brings no cookie: the
 * browser keeps the cookie for the name at which the user signed in.
 */
export function refuseForgery(request: SentRequest, origins: TrustedOrigins): void {
  if (SAFE_METHODS.has(request.method) && !opensWebSocket(request)) return
  if (siteOf(request) === 'same-origin' || isOwn(request, origins)) return
  throw forged()
}

/**
 * For requests without a cookie that try a password or set the server up: throws `forbidden` if a page of another
 * origin sent it, so that the page can neither use up the owner's attempts from the owner's address nor become the
 * owner. Here a rebound name matters, which `same-origin` does not reveal: if the public origin is known, `Origin`
 * must be the public origin or an allowed one.
 */
export function refuseForeignPage(request: SentRequest, origins: TrustedOrigins): void {
  const { origin } = request.headers
  const isSame = siteOf(request) === 'same-origin'
  if (isSame && (origin === undefined || origins.publicOrigin === undefined)) return
  if (isOwn(request, origins)) return
  throw forged()
}

/** The same for sign-in, which pages of `mayEnter` may send too. */
export function refuseForeignSignIn(request: SentRequest, origins: TrustedOrigins): void {
  if (!mayEnter(request, origins)) refuseForeignPage(request, origins)
}

/** The rule for requests by cookie, for sign-out, which pages of `mayEnter` may send too. */
export function refuseForeignSignOut(request: SentRequest, origins: TrustedOrigins): void {
  if (!mayEnter(request, origins)) refuseForgery(request, origins)
}

/** Browsers let a page of any site open one and read what comes (RFC 6455, 10.2). Some proxies drop `Upgrade`. */
function opensWebSocket({ headers }: SentRequest): boolean {
  return (
    headers['sec-fetch-mode'] === 'websocket' ||
    headers['sec-websocket-version'] !== undefined ||
    headers.upgrade?.toLowerCase() === 'websocket'
  )
}

function mayEnter({ headers: { origin } }: SentRequest, origins: TrustedOrigins): boolean {
  return origin !== undefined && origins.mayEnter.has(origin)
}

/**
 * The relation of the page to this server by Fetch Metadata; undefined for old browsers, plain HTTP, and other
 * clients.
 */
function siteOf({ headers }: SentRequest): string | undefined {
  const site = headers['sec-fetch-site']
  return typeof site === 'string' ? site : undefined
}

function isOwn(request: SentRequest, { allowed, publicOrigin, schemes }: TrustedOrigins): boolean {
  const { origin, host } = request.headers
  const site = siteOf(request)
  if (origin !== undefined && allowed.has(origin)) return true
  if (site === 'cross-site') return false
  if (origin !== undefined && origin === publicOrigin) return true
  // `none` means that the person opened the address themselves. The browser is more reliable than a host that a proxy
  // may have changed: another port of this host, or a sibling of it, is `same-site`.
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return false
  if (origin === undefined) return true
  if (publicOrigin !== undefined || host === undefined) return false
  return schemes.some((scheme) => origin === originOf(scheme, host))
}

const forged = () =>
  new ForgeryError(
    'a page of another site sent this request; if it may, name its origin with --allowed-origins, or this server with --public-url',
  )

/** A host and port, and nothing that makes a URL of it (RFC 9110, 7.2). */
const HOST = /^[^\s/?#@\\]+$/

/** The origin as browsers write it (RFC 6454, 6.2): in lower case, without the scheme's own port. */
function originOf(scheme: string, host: string): string | undefined {
  const url = `${scheme}://${host}`
  return HOST.test(host) && URL.canParse(url) ? new URL(url).origin : undefined
}
