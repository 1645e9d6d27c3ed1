import type { OutsideIdentity } from './outside-identity.ts'

/** An entry of the directory, which a typed name stands for. */
export interface DirectoryEntry {
  /** Under which wrong passwords count, whatever was typed: the same for one entry, never that of another. */
  readonly key: string
  /** Undefined if it becomes known with the right password only. */
  readonly subject: string | undefined
}

export type DirectoryVerdict =
  | { readonly kind: 'right'; readonly identity: OutsideIdentity }
  /** The password is right, but the entry is disabled in the directory. */
  | { readonly kind: 'disabled'; readonly subject: string }
  | { readonly kind: 'wrong' }

/**
 * A directory of people with passwords, such as LDAP. Each method throws `unavailable` if it gives no answer, for
 * whatever reason: that is never taken for a wrong password, or for somebody being gone.
 */
export interface Directory {
  /** Its name in Sluice, such as `ldap`. */
  readonly provider: string
  readonly issuer: string
  /** The one entry with this name; undefined if there is none, or several. */
  find(name: string): Promise<DirectoryEntry | undefined>
  /** For an undefined entry it asks the directory about an entry that cannot exist, which takes as long, and is `wrong`. */
  check(entry: DirectoryEntry | undefined, password: string): Promise<DirectoryVerdict>
  /**
   * What the directory says now of these people. Those without an answer are not in it, or are no longer whom it is
   * asked for. Undefined if it can be asked only with the password of each of them.
   */
  lookUp(subjects: readonly string[]): Promise<ReadonlyMap<string, OutsideIdentity | 'disabled'> | undefined>
}
