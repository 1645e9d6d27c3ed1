import { FilterParser } from 'ldapts'
import { anybodyOf, fillFilter, fillNow, foldDn } from './names.ts'
import type { LdapOptions } from './options.ts'

/** Identities are kept with `ldap:` and this name, at most 255 bytes in all. */
const LONGEST_BASE = 250

/** The sentence about the first setting that cannot be read; undefined if all can. */
export function optionsProblem(options: LdapOptions): string | undefined {
  const { baseDn, groups, userFilter, disabledFilter } = options
  for (const [name, dn] of [
    ['ldap-base-dn', baseDn],
    ['ldap-group-base-dn', groups.baseDn],
  ] as const) {
    if (foldDn(dn) === undefined) return `${name} is no distinguished name such as dc=example,dc=com`
  }
  if (Buffer.byteLength(baseDn) > LONGEST_BASE) return `ldap-base-dn is longer than ${LONGEST_BASE} bytes`
  const anyGroup = fillFilter(groups.filter, { name: 'x', dn: 'cn=x' })
  for (const [name, filter] of [
    ['ldap-user-filter', fillFilter(userFilter, { name: 'x' })],
    ['ldap-user-filter', anybodyOf(userFilter)],
    ['ldap-group-filter', anyGroup],
    ['ldap-disabled-filter', fillNow(disabledFilter ?? '(objectClass=*)', 0)],
  ] as const) {
    // The parser would add what is missing, and filters are joined as texts.
    if (!isInBrackets(filter)) return `${name} must be in brackets that all close, such as (uid={name})`
    try {
      FilterParser.parseString(filter)
    } catch (error) {
      return `${name} is no filter of RFC 4515: ${(error as Error).message}`
    }
  }
  return undefined
}

/** From its first bracket to its last one filter; within values brackets are escaped (RFC 4515, 3). */
function isInBrackets(filter: string): boolean {
  let depth = 0
  for (const [at, character] of [...filter].entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth <= 0 && at < [...filter].length - 1) return false
  }
  return depth === 0
}
