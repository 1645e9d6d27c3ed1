/** Where to go after sign-in: only pages of this console, so that no link sends a person elsewhere. */

const PAGES = [
  /^\/$/,
  /^\/overview$/,
  /^\/account(\/(sessions|permissions))?$/,
  /^\/people(\/[0-9a-f]{16})?$/,
  /^\/organizations(\/[0-9a-f]{16})?$/,
  /^\/tokens(\/new)?$/,
  /^\/audit$/,
]

/** The path that was asked for where it is one of the console's pages; else the first page. */
export function safeReturnTo(asked: unknown, origin: string): string {
  if (typeof asked !== 'string' || !asked.startsWith('/') || !URL.canParse(asked, origin)) return '/'
  const { pathname, search, origin: its } = new URL(asked, origin)
  return its === origin && PAGES.some((page) => page.test(pathname)) ? pathname + search : '/'
}
