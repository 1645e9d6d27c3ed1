/** Tells requests of upstream's UI from those of the console and of programs. */
import type { IncomingHttpHeaders } from 'node:http'

export type IsFromUI = (request: { readonly headers: IncomingHttpHeaders }) => boolean

/**
 * By `Referer`: a browser sends it with the path of the page to the page's own origin, by HTTP as by HTTPS, unless the
 * page forbids that. The UI's pages do not (upstream sets no `Referrer-Policy`), the console's do. `Sec-Fetch-Site`
 * does not tell the two apart, and browsers send it over TLS and to loopback only. A page of another origin sends no
 * path, so it is compared with this server's own origin.
 *
 * Nothing is granted to a request because of it, so a client gains nothing from a `Referer` that it made up.
 */
export function createIsFromUI({
  consolePath,
  publicOrigin,
}: {
  /** Such as `/console/`. */
  consolePath: string
  publicOrigin: string | undefined
}): IsFromUI {
  return ({ headers }) => {
    const { referer, host } = headers
    if (referer === undefined || !URL.canParse(referer)) return false
    const page = new URL(referer)
    const isOwn =
      headers['sec-fetch-site'] === 'same-origin' || page.host === host || page.origin === publicOrigin
    return isOwn && !`${page.pathname}/`.startsWith(consolePath)
  }
}
