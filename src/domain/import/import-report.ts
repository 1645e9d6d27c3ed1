/** What an import did, or would do. */

/** What is counted, with its name in sentences and tables. */
export const IMPORT_KINDS = {
  users: 'users',
  passwords: 'passwords',
  organizations: 'organizations',
  buckets: 'buckets',
  memberships: 'memberships',
  tokens: 'tokens',
  legacyAuthorizations: '1.x authorizations',
  legacyPasswords: '1.x passwords',
  dbrpMappings: 'DBRP mappings',
} as const

export type ImportKind = keyof typeof IMPORT_KINDS
export type ImportCounts = Readonly<Record<ImportKind, number>>

export interface ImportNote {
  /** `permissions` are left out of tokens and 1.x authorizations that come; `tasks` stay in InfluxDB. */
  readonly kind: ImportKind | 'permissions' | 'instance' | 'tasks'
  /** The id of the record; for a membership that of its resource, for a permission that of its token. */
  readonly id: string
  /** The name of the record; for a password or a membership that of the user. Never a secret. */
  readonly name: string
  readonly why: string
}

export interface ImportReport {
  readonly came: ImportCounts
  /** Records that were here already, which an import never changes. */
  readonly alreadyHere: ImportCounts
  readonly leftOut: readonly ImportNote[]
  /** About records that come. */
  readonly remarks: readonly ImportNote[]
}

/** A report to be filled. */
export function createImportReport() {
  const counts = () =>
    Object.fromEntries(Object.keys(IMPORT_KINDS).map((kind) => [kind, 0])) as Record<ImportKind, number>
  const report = {
    came: counts(),
    alreadyHere: counts(),
    leftOut: [] as ImportNote[],
    remarks: [] as ImportNote[],
  }
  return report satisfies ImportReport
}

/** What came, in words: "2 users, 1 organization and so on"; "nothing new" if nothing did. */
export function inWords(came: ImportCounts): string {
  const parts = Object.entries(IMPORT_KINDS).flatMap(([kind, plural]) => {
    const count = came[kind as ImportKind]
    if (count === 0) return []
    return [`${count} ${count === 1 ? plural.slice(0, -1) : plural}`]
  })
  const last = parts.pop()
  if (last === undefined) return 'nothing new'
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}
