/**
 * Where in the console to go after a sign-in: a path of this server, else `/`. A page of another site cannot be reached
 * by it (open redirects, RFC 9700 4.11).
 */
export function safeReturnPath(given: string | undefined): string {
  if (given === undefined || !/^\/(?![/\\])[^\\\p{Cc}\p{Z}]*$/u.test(given)) return '/'
  const base = 'http://sluice.invalid'
  if (!URL.canParse(given, base)) return '/'
  const { origin, pathname, search, hash } = new URL(given, base)
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : '/'
}
