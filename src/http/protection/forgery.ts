/** Requests that a page of another site made a browser send (ASVS 5.0 3.5.1): refused before they do anything. */
import { SluiceError } from '../../domain/base/errors.ts'
import type { SentRequest } from '../request/plain-request.ts'

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
  /** Origins whose pages may sign in and out: those that CORS is narrowed to. Empty where it is not narrowed. */
  readonly mayEnter: ReadonlySet<string>
}

/** Refused before anybody asked who it was. */
export class ForgeryError extends SluiceError {
  constructor(message: string) {
    super('forbidden', message, { reason: 'forged-request' })
  }
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * For requests by cookie: throws `forbidden` for an unsafe one that a page of another origin sent. `Sec-Fetch-Site`
 * decides where the browser sends it, since no page can set it, and proxies that change the host leave it alone:
 * `same-origin` passes. Else `Origin` must be this server's or an allowed one. With neither header it passes: no
 * browser sends it so.
 *
 * A name that is rebound to this server's address (DNS rebinding) is `same-origin` too, but brings no cookie: the
 * browser keeps that for the name by which the user signed in.
 */
export function refuseForgery(request: SentRequest, origins: TrustedOrigins): void {
  if (SAFE_METHODS.has(request.method)) return
  if (siteOf(request) === 'same-origin' || isOwn(request, origins)) return
  throw forged()
}

/**
 * For requests without a cookie that try a password or set the server up: throws `forbidden` where a page of another
 * origin sent it, so that it neither uses up the owner's tries from the owner's address nor becomes the owner. Here
 * a rebound name counts, which `same-origin` does not show: where the public origin is known, `Origin` must be it or
 * an allowed one.
 */
export function refuseForeignPage(request: SentRequest, origins: TrustedOrigins): void {
  const { origin } = request.headers
  const isSame = siteOf(request) === 'same-origin'
  if (isSame && (origin === undefined || origins.publicOrigin === undefined)) return
  if (isOwn(request, origins)) return
  throw forged()
}

/** The same for sign-in, which pages of the origins that CORS is narrowed to may send too. */
export function refuseForeignSignIn(request: SentRequest, origins: TrustedOrigins): void {
  if (!mayEnter(request, origins)) refuseForeignPage(request, origins)
}

/** Sign-out is a request by cookie, which those pages may send too. */
export function refuseForeignSignOut(request: SentRequest, origins: TrustedOrigins): void {
  if (!mayEnter(request, origins)) refuseForgery(request, origins)
}

function mayEnter({ headers: { origin } }: SentRequest, origins: TrustedOrigins): boolean {
  return origin !== undefined && origins.mayEnter.has(origin)
}

/** What the browser says of who asks (Fetch Metadata); undefined for old browsers, over plain HTTP, and for others. */
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
  // `none` is what a person typed in. The browser knows better than a host that a proxy may have changed: another
  // port of this host, or a sibling of it, is `same-site`.
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

/** As browsers write an origin (RFC 6454, 6.2): in lower case, without the scheme's own port. */
function originOf(scheme: string, host: string): string | undefined {
  const url = `${scheme}://${host}`
  return HOST.test(host) && URL.canParse(url) ? new URL(url).origin : undefined
}
