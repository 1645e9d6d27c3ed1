/**
 * One entry is one setting: a TypeBox shape of its value, which Ajv checks, with the words that help, documents and
 * refusals need. Flag, variables, key in a file, type and source follow from it.
 */
import Type, { type TSchema, type TUnsafe } from 'typebox'
import type { Address } from './address.ts'
import { parseBytes } from './bytes.ts'
import { type BareUnit, parseDuration } from './duration.ts'

/** How a value is written: `KINDS` reads and writes each. */
export type Kind =
  | 'text'
  | 'path'
  | 'boolean'
  | 'integer'
  | 'duration'
  | 'bytes'
  | 'address'
  | 'choice'
  | 'texts'

interface Described {
  /** The flag without its dashes, and the key in a file. */
  readonly name: string
  /** One or two sentences, plain text: they appear in help and in the documents. */
  readonly about: string
  /** The name and the meaning are InfluxDB's own, so INFLUXD_NAME in the environment counts too. */
  readonly influxdb?: true
  /** The value is never shown: in no error, no log, no printed configuration. */
  readonly secret?: true
  /**
   * Only of a key of a table (`tables`): each table must have it. `or-file` is for a secret: each table must have it or
   * the key of the same name with `-file`.
   */
  readonly mustBeSet?: true | 'or-file'
  /** Only of a key of a table: what the example in docs/configuration.md has. */
  readonly example?: string
  /** What help shows in place of the value, if not the word of its kind. */
  readonly placeholder?: string
  /** Only of `texts` that a command takes: each flag gives one value, and it may be given several times. */
  readonly repeatable?: true
}

/** Written as a user would write them; JSON Schema's `minimum` and `maximum` have them as numbers. */
interface Limits<L> {
  readonly min: L
  readonly max: L
}

type With<D> = Described & { readonly default?: D }
type DurationOptions = With<string> &
  Limits<string> & {
    /** The unit of a number without one; without this setting only 0 may lack a unit. */
    readonly bareUnit?: BareUnit
  }
type ChoiceOptions = With<string> & { readonly values: readonly string[] }

/** A setting without a default may be unset, unless each table must have it. */
type Unset<O> = O extends { readonly default: unknown } | { readonly mustBeSet: true } ? never : undefined

/** `T` is the value in the typed settings: durations in milliseconds, sizes in bytes, paths absolute. */
export interface Setting<N extends string = string, T = unknown> extends TUnsafe<T>, Described {
  readonly name: N
  readonly kind: Kind
  readonly default?: string | number | boolean | readonly string[]
  readonly min?: string | number
  readonly max?: string | number
  readonly bareUnit?: BareUnit
  readonly values?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

type SettingOf<O extends Described, T> = Setting<O['name'], T | Unset<O>>

export function text<const O extends With<string>>(options: O): SettingOf<O, string> {
  return shaped('text', options, Type.String({ minLength: 1 }))
}

/** `~` is the home directory; what is relative is so to the working directory. */
export function path<const O extends With<string>>(options: O): SettingOf<O, string> {
  return shaped('path', options, Type.String())
}

export function boolean<const O extends With<boolean>>(options: O): SettingOf<O, boolean> {
  return shaped('boolean', options, Type.Boolean())
}

export function integer<const O extends With<number> & Limits<number>>(options: O): SettingOf<O, number> {
  return shaped('integer', options, between(options.min, options.max))
}

export function duration<const O extends DurationOptions>(options: O): SettingOf<O, number> {
  return shaped('duration', options, between(parseDuration(options.min), parseDuration(options.max)))
}

export function bytes<const O extends With<string> & Limits<string>>(options: O): SettingOf<O, number> {
  return shaped('bytes', options, between(parseBytes(options.min), parseBytes(options.max)))
}

export function address<const O extends With<string>>(options: O): SettingOf<O, Address> {
  const port = Type.Integer({ minimum: 0, maximum: 65_535 })
  return shaped('address', options, Type.Object({ host: Type.Optional(Type.String()), port }))
}

/** One of `values`. */
export function choice<const O extends ChoiceOptions>(options: O): SettingOf<O, O['values'][number]> {
  return shaped('choice', options, Type.Enum([...options.values]))
}

/** A list of strings; for a list of tables see `tables`. */
export function texts<const O extends With<readonly string[]>>(options: O): SettingOf<O, readonly string[]> {
  return shaped('texts', options, Type.Array(Type.String()))
}

function shaped<O extends Described, T>(kind: Kind, options: O, shape: TSchema): SettingOf<O, T> {
  return Type.Unsafe({ ...shape, ...options, kind }) as unknown as SettingOf<O, T>
}

function between(minimum: number | undefined, maximum: number | undefined): TSchema {
  if (minimum === undefined || maximum === undefined)
    throw new TypeError('a limit of a setting does not parse')
  return Type.Integer({ minimum, maximum })
}
