/** One pass over flags, environment and file, to settings that no longer change. */
import { ConfigurationError } from './configuration-error.ts'
import { type Environment, environmentWarnings, readEnvironment } from './environment.ts'
import { type ReadFile, readSettingsFile } from './file.ts'
import { readFlags } from './flags.ts'
import { shown } from './quote.ts'
import { checkRules } from './rules.ts'
import { followSessionLengths } from './session-lengths.ts'
import { type Given, keyOf, type Schema, type Setting, type SettingsOf, type SourcesOf } from './setting.ts'
import { schema as everySetting, type Settings, type Sources } from './settings.ts'
import { type Place, readValue } from './value.ts'

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
  /** Sentences for the log; nothing was refused for them. */
  readonly warnings: readonly string[]
}

const accepted = (setting: Setting, { raw, subject }: Given, place: Place) => {
  const read = readValue(setting, raw, place)
  if ('value' in read) return read.value
  const problem = setting.secret ? 'has a value that does not fit' : `is ${shown(raw)}`
  throw new ConfigurationError(`${subject} ${problem}; it must be ${read.expected}`)
}

const defaultOf = (setting: Setting): Given => ({
  raw: setting.default ?? '',
  subject: `the default of ${setting.name}`,
  source: 'default',
})

/** `loadSettings` for any schema and without the rules between settings. */
export const readSettings = <const S extends Schema>(
  schema: S,
  { argv, env, cwd, home, readFile }: LoadInput,
): Loaded<SettingsOf<S>, SourcesOf<S>> => {
  const flags = readFlags(schema, argv)
  const environment = readEnvironment(schema, env)

  const configPath = schema.find(({ name }) => name === 'config-path')
  const named = flags.get('config-path') ?? environment.get('config-path')
  const path = configPath && named && accepted(configPath, named, { cwd, home })
  const target = named && typeof path === 'string' ? { path, subject: named.subject } : undefined
  const file = readSettingsFile(schema, target, { cwd, readFile })

  const settings: Record<string, unknown> = {}
  const sources: Record<string, string> = {}
  for (const setting of schema) {
    const { name } = setting
    const given = flags.get(name) ?? environment.get(name) ?? file.get(name) ?? defaultOf(setting)
    settings[keyOf(name)] = Object.freeze(accepted(setting, given, { cwd, home }))
    sources[keyOf(name)] = given.source
  }
  return Object.freeze({
    settings: Object.freeze(settings) as SettingsOf<S>,
    sources: Object.freeze(sources) as SourcesOf<S>,
    warnings: Object.freeze(environmentWarnings(schema, env)),
  })
}

/**
 * The settings, by precedence: flag, SLUICE_ variable, INFLUXD_ variable (InfluxDB's own settings only),
 * file, default. Only the value that wins is looked at. Deeply frozen; it reads nothing but what it is handed.
 * Throws ConfigurationError, whose message is one sentence that names the flag, variable or key and what
 * would be right.
 */
export const loadSettings = (input: LoadInput): Loaded<Settings, Sources> => {
  const loaded = followSessionLengths(readSettings(everySetting, input))
  checkRules(loaded.settings, loaded.sources)
  return loaded
}
