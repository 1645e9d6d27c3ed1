/** What a server says of itself (RFC 4512, 5.1), which it tells without signing in. */
import type { Connection } from './connection.ts'
import { textsOf } from './entries.ts'
import { DirectoryError } from './failure.ts'
import type { LdapOptions } from './options.ts'

/** [MS-ADTS] 3.1.1.3.4.3, LDAP_CAP_ACTIVE_DIRECTORY_OID; LDS has another one, and the rule too. */
const ACTIVE_DIRECTORY: ReadonlySet<string> = new Set(['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1851'])

export async function isActiveDirectory(connection: Connection): Promise<boolean> {
  const [entry] = await connection.search({
    ...{ base: '', scope: 'base', filter: '(objectClass=*)', limit: 1 },
    attributes: ['supportedCapabilities'],
  })
  return (
    entry !== undefined && textsOf(entry, 'supportedCapabilities').some((each) => ACTIVE_DIRECTORY.has(each))
  )
}

/**
 * Throws DirectoryError if the groups are to be found by a rule that the server does not know: every other server finds
 * nothing by it, without an error, and everybody would lose their groups.
 */
export async function requireRule(
  connection: Connection,
  { groups }: Pick<LdapOptions, 'groups'>,
): Promise<void> {
  if (groups.nested !== 'chain' || (await isActiveDirectory(connection))) return
  throw new DirectoryError(
    'misconfigured',
    'ldap-nested-groups is chain, but the server is no Active Directory and would find no groups by it; set expand',
  )
}
