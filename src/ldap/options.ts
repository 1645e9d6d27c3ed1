/** What the settings say about a directory, as plain values. */

export interface ServerOptions {
  /** Tried in this order: `ldaps://HOST:PORT` or `ldap://HOST:PORT`. */
  readonly urls: readonly string[]
  /** Whether `ldap://` turns to TLS before anything is sent. */
  readonly startTls: boolean
  /** The certificate (PEM) that servers show or that signed theirs; undefined for those that Node trusts. */
  readonly ca: string | undefined
  /** How long a connection, and each operation on it, may take. */
  readonly timeoutMs: number
  /** The account that searches; undefined to search without signing in. */
  readonly bindDn: string | undefined
  /** Asked at each new connection, so that it can be changed while the server runs. */
  readonly bindPassword: () => string | undefined
}

/** `chain` is Active Directory's matching rule 1.2.840.113556.1.4.1941, `expand` asks level by level. */
export type NestedGroups = 'none' | 'expand' | 'chain'

export interface GroupOptions {
  /** `search`: groups that name the user. `member-of`: an attribute of the user names the groups. */
  readonly from: 'search' | 'member-of'
  readonly attribute: string
  readonly baseDn: string
  /** With `{dn}` or `{name}`. */
  readonly filter: string
  readonly nested: NestedGroups
}

export interface LdapOptions extends ServerOptions {
  readonly baseDn: string
  /** With `{name}`. */
  readonly userFilter: string
  /** The name to bind with, made of the typed name, such as `uid={name},ou=people,...`; undefined to search for it. */
  readonly bindTemplate: string | undefined
  readonly nameAttribute: string
  readonly idAttribute: string
  readonly emailAttribute: string
  /** Finds entries that are disabled; `{now}` in it is the time (`fillNow`). */
  readonly disabledFilter: string | undefined
  readonly groups: GroupOptions
}
