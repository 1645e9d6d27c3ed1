/** A value as it was found, before its meaning is read. */
export interface Given {
  readonly raw: unknown
  /** How a sentence about it begins: `--log-level`, `SLUICE_LOG_LEVEL`, `log-level in /etc/sluice.toml`. */
  readonly subject: string
  /** The entry in `sources`. */
  readonly source: string
}

/** What was given, by the name of the setting; a key of a table has its flag's name, such as `upstream-url`. */
export type GivenByName = ReadonlyMap<string, Given>
