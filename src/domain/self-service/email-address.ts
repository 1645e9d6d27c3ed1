import { invalid } from '../base/errors.ts'

/** RFC 5321, 4.5.3.1. */
const LONGEST = 254
const LONGEST_LOCAL = 64

/** The dot-atom of RFC 5322, 3.2.3. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i

/**
 * Returns the address without blanks around it; throws `invalid` unless it is one plain address in ASCII. Quoted local
 * parts, comments and address literals of RFC 5322 are refused, since mail servers disagree about what they mean, and so
 * are other letters, since two that look alike could be taken for each other.
 */
export function parseEmailAddress(given: string): string {
  const address = given.trim()
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)]
  const fits = address.length <= LONGEST && local.length <= LONGEST_LOCAL
  if (fits && LOCAL.test(local) && DOMAIN.test(domain)) return address
  throw invalid('this is no e-mail address that can be used; it must look like ada@example.com')
}
