/** The databases of an upstream that knows no organizations, users or rights, such as InfluxDB 1.x. */

export interface UpstreamDatabase {
  /** `database`, or `database/policy` of a retention policy beside the default one. */
  readonly name: string
  /** 0 is forever. */
  readonly retentionSeconds: number
  /** True for the default policy, which the database's own bucket covers, so it needs no bucket. */
  readonly isDefaultPolicy?: boolean
}

/** A database as upstream lists it. */
export interface ListedDatabase extends Omit<UpstreamDatabase, 'retentionSeconds'> {
  /** Undefined if upstream does not say. */
  readonly retentionSeconds: number | undefined
}

/**
 * Every method throws `unavailable` if upstream cannot be reached, does not answer in time or refuses the credentials
 * of the settings, and `unprocessable entity` if it refuses.
 */
export interface UpstreamDatabases {
  /** Whether it takes requests; false if it is away. */
  isReady(): Promise<boolean>
  /** All that could become buckets; not those that upstream keeps for itself. */
  list(): Promise<readonly ListedDatabase[]>
  /** Whether it was made; false if it is there already, or needs no making. */
  create(database: UpstreamDatabase): Promise<boolean>
  setRetention(database: UpstreamDatabase): Promise<void>
  /** With everything in it. Nothing happens if it is gone already. */
  drop(name: string): Promise<void>
}

/** One of the upstreams of the settings. */
export interface DatabaseUpstream {
  /** Name or id of the organization whose buckets its databases are. */
  readonly organization: string
  readonly databases: UpstreamDatabases
  /** Whether deleting a bucket deletes the data too. */
  readonly dropsDatabases: boolean
  /** Whether a slash in a name means nothing, since there are no retention policies. */
  readonly hasPlainNames: boolean
  readonly inChange: DatabasesInChange
}

/** Which databases are being dropped or created right now, so that nothing else makes them again meanwhile. */
export interface DatabasesInChange {
  /** Leaves these databases, with their policies, to the caller until the returned function is called. */
  begin(databases: readonly string[]): () => void
  /** A moment to ask about later. */
  now(): number
  /** Whether somebody has changed the database since that moment, or is at it. */
  isChangedSince(moment: number, database: string): boolean
}
