/** The page to open after sign-in: only pages of this console, so that a link cannot redirect to another site. */

const PAGES = [
  /^\/$/,
  /^\/overview$/,
  /^\/account(\/(sessions|permissions|second-factors))?$/,
  /^\/people(\/[0-9a-f]{16})?$/,
  /^\/organizations(\/[0-9a-f]{16})?$/,
  /^\/tokens(\/new|\/[0-9a-f]{16})?$/,
  /^\/audit$/,
  /^\/sessions$/,
  /^\/upstream$/,
  /^\/(command-line|device)$/,
]

/** The requested path if it is a page of the console, otherwise the start page. */
export function safeReturnTo(asked: unknown, origin: string): string {
  if (typeof asked !== 'string' || !asked.startsWith('/') || !URL.canParse(asked, origin)) return '/'
  const { pathname, search, origin: its } = new URL(asked, origin)
  return its === origin && PAGES.some((page) => page.test(pathname)) ? pathname + search : '/'
}
