/** The configuration as it took effect, for people who wonder where a value comes from. */
import { keyOf, type Schema, type Setting, type SettingsOf, type SourcesOf, type Value } from './setting.ts'
import { schema as everySetting, type Settings, type Sources } from './settings.ts'
import { formatValue } from './value.ts'

const written = (setting: Setting, value: Value | undefined): string => {
  const text = value === undefined ? '' : formatValue(setting, value)
  if (text === '') return '(not set)'
  return setting.secret ? '(hidden)' : text
}

/** `printSettings` for any schema. */
export const printTable = <const S extends Schema>(
  schema: S,
  loaded: { readonly settings: SettingsOf<S>; readonly sources: SourcesOf<S> },
): string => {
  const values: Readonly<Record<string, Value | undefined>> = loaded.settings
  const sources: Readonly<Record<string, string>> = loaded.sources
  const rows = schema.map((setting) => {
    const key = keyOf(setting.name)
    return [setting.name, written(setting, values[key]), sources[key] ?? ''] as const
  })
  const nameWidth = Math.max(...rows.map(([name]) => name.length))
  const valueWidth = Math.max(...rows.map(([, value]) => value.length))
  return rows
    .map(([name, value, source]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}\n`)
    .join('')
}

/**
 * A line for every setting, in the order of the schema: name, value as one would write it, source.
 * Secrets read `(hidden)`, what is unset `(not set)`.
 */
export const printSettings = (loaded: { readonly settings: Settings; readonly sources: Sources }): string =>
  printTable(everySetting, loaded)
