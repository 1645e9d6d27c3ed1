/** The caller of a request, in headers that a gateway hands on to the application behind it. */
import { type Principal, userIDOf } from '../../domain/access/principal.ts'
import type { Belongings } from '../../domain/memberships/belongings.ts'

/** All are in each answer, maybe empty, so that a gateway that copies them overwrites what a client sent. */
export const IDENTITY_HEADERS = [
  ...['remote-user', 'x-sluice-user', 'x-sluice-user-id'],
  ...['x-sluice-orgs', 'x-sluice-groups', 'x-sluice-method'],
] as const

/** Names and values in turn. */
export type IdentityHeaders = readonly string[]

const known = new WeakMap<Belongings, IdentityHeaders>()

/** `belongings` are those of the principal. */
export function identityHeaders(
  { kind, user, external }: Pick<Principal, 'kind' | 'user' | 'external'>,
  belongings: Belongings,
): IdentityHeaders {
  const before = known.get(belongings)
  if (before) return before
  const name = headerText(user.name)
  const { organizations, isOperator } = belongings
  const groups = organizations.flatMap(({ name: org, role }) => (role ? [`${role}:${headerText(org)}`] : []))
  const values = [
    ...[name, name, userIDOf({ user, external }) ?? ''],
    organizations.map((each) => headerText(each.name)).join(','),
    [...(isOperator ? ['operator'] : []), ...groups].join(','),
    external ? 'external-token' : kind,
  ]
  const headers = IDENTITY_HEADERS.flatMap((header, at) => [header, values[at] ?? ''])
  known.set(belongings, headers)
  return headers
}

/**
 * A name as the value of a header, or as an item of a list in one: visible ASCII and single blanks stay, all else is
 * percent-encoded as UTF-8, as are `%` and the comma. So no name can begin another header (CWE-113), end an item, or be
 * read as another name; `decodeURIComponent` reads it back.
 */
export function headerText(name: string): string {
  return name.replaceAll(UNSAFE, (text) => encodeURIComponent(text.toWellFormed()).replaceAll(',', '%2C'))
}

const UNSAFE = /[^\x20-\x7e]+|[%,]|^ | (?= )| $/g
