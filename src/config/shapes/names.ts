/** What a schema is, and the names and types that follow from it. */
import type { Static } from 'typebox'
import type { Setting } from './setting.ts'
import type { TablesEntry } from './tables.ts'

export type Entry = Setting | TablesEntry
export type Schema = readonly Entry[]

export interface Group {
  readonly title: string
  readonly settings: Schema
}

export type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S

export type SettingsOf<S extends Schema> = {
  readonly [E in S[number] as CamelCase<E['name']>]: Static<E>
}

/** `flag --x`, `environment SLUICE_X`, `file PATH`, `default`; of a list, for each key of each table. */
type SourceOf<E extends Entry> =
  E extends TablesEntry<string, infer K>
    ? readonly { readonly [Key in K[number] as CamelCase<Key['name']>]: string }[]
    : string

/** For every setting, where its value came from. */
export type SourcesOf<S extends Schema> = {
  readonly [E in S[number] as CamelCase<E['name']>]: SourceOf<E>
}

/** `session-length` is `sessionLength` in the typed settings. */
export function keyOf(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * A setting with a single value and its own flag and variables; the keys of a list's first table are named with the
 * list.
 */
export interface Single {
  /** `session-length`, or `upstream-url` for the key `url` of the first `upstream`. */
  readonly name: string
  readonly setting: Setting
  readonly tables?: TablesEntry
}

export function singlesOf(schema: Schema): readonly Single[] {
  return schema.flatMap((entry): readonly Single[] =>
    isTables(entry)
      ? entry.keys.map((setting) => ({ name: nameInFirst(entry, setting), setting, tables: entry }))
      : [{ name: entry.name, setting: entry }],
  )
}

export function isTables(entry: Entry): entry is TablesEntry {
  return entry.kind === 'tables'
}

export function nameInFirst(tables: TablesEntry, key: Setting): string {
  return `${tables.name}-${key.name}`
}

/** The environment variables that set it, the stronger one first. */
export function variablesOf({ name, influxdb }: Pick<Setting, 'name' | 'influxdb'>): readonly string[] {
  return influxdb ? [ownVariable(name), variable('INFLUXD', name)] : [ownVariable(name)]
}

export function ownVariable(name: string): string {
  return variable('SLUICE', name)
}

/** The index, from 0, in a variable name that begins like those of this list: SLUICE_UPSTREAM_0_... */
export function indexIn(tables: TablesEntry, variable: string): number | undefined {
  const prefix = `${ownVariable(tables.name)}_`
  const index = variable.startsWith(prefix)
    ? /^(\d{1,6})_/.exec(variable.slice(prefix.length))?.[1]
    : undefined
  return index === undefined ? undefined : Number(index)
}

/** The variable of a key of the table at `index`, from 0: SLUICE_UPSTREAM_0_URL. */
export function variableAt(tables: TablesEntry, index: number, key: Setting): string {
  return ownVariable(`${tables.name}-${index}-${key.name}`)
}

function variable(prefix: string, name: string): string {
  return `${prefix}_${name.toUpperCase().replaceAll('-', '_')}`
}
