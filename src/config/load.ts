/** One pass over flags, environment and file, to settings that no longer change. */

import { followBasePath } from './base-path.ts'
import { checkRules } from './rules.ts'
import { followSessionLengths } from './session-lengths.ts'
import { schema as everySetting, type Settings, type Sources } from './settings.ts'
import type { Place } from './shapes/kinds.ts'
import {
  type Entry,
  isTables,
  keyOf,
  type Schema,
  type SettingsOf,
  type SourcesOf,
  singlesOf,
} from './shapes/names.ts'
import { readTables } from './shapes/read-tables.ts'
import { accepted, defaultOf } from './shapes/value.ts'
import { type Environment, readEnvironment, refuseUnknownVariables } from './sources/environment.ts'
import { type ReadFile, readSettingsFile } from './sources/file.ts'
import { readFlags } from './sources/flags.ts'
import { givenTables, type SourcesOfTables } from './sources/given-tables.ts'

export interface LoadInput {
  /** The arguments after the program and the command. */
  readonly argv: readonly string[]
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
  /** Absolute: what `~` stands for. */
  readonly home: string
  readonly readFile: ReadFile
}

export interface Loaded<S, O> {
  readonly settings: S
  readonly sources: O
}

/**
 * Loads the settings. Precedence: flag, SLUICE_ variable, INFLUXD_ variable (only InfluxDB's own settings), file,
 * default. Only the winning value is checked; a name that is no setting is refused in each of them, except INFLUXD_
 * variables. The result is deeply frozen; the function reads nothing but its input. Throws ConfigurationError, whose
 * message is one sentence that names the flag, variable or key and what would be valid.
 */
export function loadSettings(input: LoadInput): Loaded<Settings, Sources> {
  const loaded = followBasePath(followSessionLengths(readSettings(everySetting, input)))
  checkRules(loaded.settings, loaded.sources)
  return loaded
}

/** `loadSettings` for any schema and without the rules between settings. */
export function readSettings<const S extends Schema>(
  schema: S,
  { argv, env, cwd, home, readFile }: LoadInput,
): Loaded<SettingsOf<S>, SourcesOf<S>> {
  const place = { cwd, home }
  const flags = readFlags(schema, argv)
  refuseUnknownVariables(schema, env)
  const environment = readEnvironment(schema, env)

  const configPath = singlesOf(schema).find(({ name }) => name === 'config-path')
  const named = flags.get('config-path') ?? environment.get('config-path')
  const path = configPath && named && accepted(configPath.setting, named, place)
  const target = named && typeof path === 'string' ? { path, subject: named.subject } : undefined
  const file = readSettingsFile(schema, target, { cwd, readFile })

  const settings: Record<string, unknown> = {}
  const sources: Record<string, unknown> = {}
  for (const entry of schema) {
    const { value, source } = readEntry(entry, { flags, environment, file, env }, place)
    settings[keyOf(entry.name)] = Object.freeze(value)
    sources[keyOf(entry.name)] = source
  }
  return Object.freeze({
    settings: Object.freeze(settings) as SettingsOf<S>,
    sources: Object.freeze(sources) as SourcesOf<S>,
  })
}

function readEntry(entry: Entry, given: SourcesOfTables, place: Place): { value: unknown; source: unknown } {
  if (isTables(entry)) {
    const { value, sources } = readTables(entry, givenTables(entry, given), place)
    return { value, source: sources }
  }
  const { flags, environment, file } = given
  const found = flags.get(entry.name) ?? environment.get(entry.name) ?? file.get(entry.name)
  if (!found) return { value: defaultOf(entry, place), source: 'default' }
  return { value: accepted(entry, found, place), source: found.source }
}
