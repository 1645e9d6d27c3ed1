/** The configuration as it took effect, for people who wonder where a value comes from. */

import { schema as everySetting, type Settings, type Sources } from './settings.ts'
import { isTables, keyOf, type Schema, type SettingsOf, type SourcesOf } from './shapes/names.ts'
import type { Setting } from './shapes/setting.ts'
import type { TablesEntry } from './shapes/tables.ts'
import { formatValue } from './shapes/value.ts'

type Row = readonly [name: string, value: string, source: string]

/** A setting for programs: `value` is null if it is not set, or is a secret. */
export interface SettingRecord {
  readonly name: string
  readonly value: string | null
  /** `flag --x`, `environment SLUICE_X`, `file PATH` or `default`. */
  readonly source: string
  /** A secret that is set. */
  readonly hidden?: true
}
const NOT_SET = '(not set)'
const HIDDEN = '(hidden)'

type ByKey<T> = Readonly<Record<string, T>>

/**
 * A line for every setting, in the order of the schema: name, value as one would write it, source.
 * Secrets read `(hidden)`, what is unset `(not set)`.
 */
export function printSettings(loaded: { readonly settings: Settings; readonly sources: Sources }): string {
  return printTable(everySetting, loaded)
}

/** The same for programs. */
export function settingRecords(loaded: {
  readonly settings: Settings
  readonly sources: Sources
}): readonly SettingRecord[] {
  return rowsOf(everySetting, loaded).map(([name, value, source]) => {
    if (value === HIDDEN) return { name, value: null, source, hidden: true }
    return { name, value: value === NOT_SET ? null : value, source }
  })
}

/** `printSettings` for any schema. */
export function printTable<const S extends Schema>(
  schema: S,
  loaded: { readonly settings: SettingsOf<S>; readonly sources: SourcesOf<S> },
): string {
  const rows = rowsOf(schema, loaded)
  const nameWidth = Math.max(...rows.map(([name]) => name.length))
  const valueWidth = Math.max(...rows.map(([, value]) => value.length))
  return rows
    .map(([name, value, source]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}\n`)
    .join('')
}

function rowsOf<const S extends Schema>(
  schema: S,
  loaded: { readonly settings: SettingsOf<S>; readonly sources: SourcesOf<S> },
): readonly Row[] {
  const values = loaded.settings as ByKey<unknown>
  const sources = loaded.sources as ByKey<unknown>
  return schema.flatMap((entry): readonly Row[] => {
    const [value, source] = [values[keyOf(entry.name)], sources[keyOf(entry.name)]]
    if (!isTables(entry)) return [[entry.name, written(entry, value), String(source)]]
    return rowsOfTables(entry, value as readonly ByKey<unknown>[], source as readonly ByKey<string>[])
  })
}

/** A row for each key of each table, named as in refusals: `upstream 2: url`. */
function rowsOfTables(
  { name, keys }: TablesEntry,
  values: readonly ByKey<unknown>[],
  sources: readonly ByKey<string>[],
): readonly Row[] {
  if (values.length === 0) return [[name, NOT_SET, 'default']]
  return values.flatMap((table, index) =>
    keys.map((key): Row => {
      const source = sources[index]?.[keyOf(key.name)] ?? ''
      return [`${name} ${index + 1}: ${key.name}`, written(key, table[keyOf(key.name)]), source]
    }),
  )
}

function written(setting: Setting, value: unknown): string {
  const text = formatValue(setting, value)
  if (text === '') return NOT_SET
  return setting.secret ? HIDDEN : text
}
