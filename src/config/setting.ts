/** What a setting is, and the types that follow from a schema of them. */
import type { Address } from './address.ts'
import type { BareUnit } from './duration.ts'

interface Described {
  /** The flag without its dashes, and the key in a file. */
  readonly name: string
  /** One or two sentences, plain text: they appear in `--help` and in docs/configuration.md. */
  readonly about: string
  /** The name and the meaning are InfluxDB's own, so INFLUXD_NAME in the environment counts too. */
  readonly influxdb?: true
  /** The value appears nowhere: no error, no log, no printed configuration. */
  readonly secret?: true
}

/** Defaults and limits are written as a user would write them; a setting without a default may be unset. */
export type Setting = Described &
  (
    | { readonly type: 'string'; readonly default?: string }
    /** `~` is the home directory; what is relative is so to the working directory. */
    | { readonly type: 'path'; readonly default?: string }
    | { readonly type: 'boolean'; readonly default: boolean }
    | { readonly type: 'integer'; readonly default?: number; readonly min: number; readonly max: number }
    | {
        readonly type: 'duration'
        readonly default?: string
        readonly min: string
        readonly max: string
        /** What a number without a unit counts; without this only 0 may go without one. */
        readonly bareUnit?: BareUnit
      }
    | { readonly type: 'bytes'; readonly default?: string; readonly min: string; readonly max: string }
    | { readonly type: 'address'; readonly default?: string }
    | { readonly type: 'enum'; readonly default?: string; readonly values: readonly string[] }
    | { readonly type: 'list'; readonly default: readonly string[] }
  )

export type Schema = readonly Setting[]

export interface Group {
  readonly title: string
  readonly settings: Schema
}

/** What a parsed setting can be: durations in milliseconds, sizes in bytes. */
export type Value = string | number | boolean | Address | readonly string[]

type SetValueOf<S extends Setting> = S extends { readonly type: 'boolean' }
  ? boolean
  : S extends { readonly type: 'integer' | 'duration' | 'bytes' }
    ? number
    : S extends { readonly type: 'address' }
      ? Address
      : S extends { readonly type: 'list' }
        ? readonly string[]
        : S extends { readonly type: 'enum'; readonly values: readonly (infer V extends string)[] }
          ? V
          : string

export type ValueOf<S extends Setting> = S extends { readonly default: unknown }
  ? SetValueOf<S>
  : SetValueOf<S> | undefined

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S

export type SettingsOf<S extends Schema> = {
  readonly [E in S[number] as CamelCase<E['name']>]: ValueOf<E>
}

/** For every setting, where its value came from: `flag --x`, `environment SLUICE_X`, `file PATH`, `default`. */
export type SourcesOf<S extends Schema> = Readonly<Record<keyof SettingsOf<S>, string>>

/** `session-length` is `sessionLength` in the typed settings. */
export const keyOf = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const variable = (prefix: string, name: string) => `${prefix}_${name.toUpperCase().replaceAll('-', '_')}`

/** The environment variables that set it, the stronger one first. */
export const variablesOf = ({ name, influxdb }: Setting): readonly string[] =>
  influxdb ? [variable('SLUICE', name), variable('INFLUXD', name)] : [variable('SLUICE', name)]

/** A value as it was found, before anybody looked at what it says. */
export interface Given {
  readonly raw: unknown
  /** How a sentence about it begins: `--log-level`, `SLUICE_LOG_LEVEL`, `log-level in /etc/sluice.toml`. */
  readonly subject: string
  /** The entry in `sources`. */
  readonly source: string
}
