/**
 * What was ever imported from another server, even if it was deleted here since: a second import must not bring back a
 * token that was revoked.
 */
export interface ImportedRecordStore {
  /** The keys among these that an import has recorded. */
  among(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Notes keys; those that were noted already stay. */
  note(keys: readonly string[]): Promise<void>
}
