/** Settings that are lists of tables, `[[upstream]]` in TOML. */
import Type, { type Static, type TSchema, type TUnsafe } from 'typebox'
import type { CamelCase } from './names.ts'
import type { Setting } from './setting.ts'

export interface TablesOptions {
  /** The key in a file; the first table's keys are flags after it, such as `--upstream-url`. */
  readonly name: string
  readonly about: string
  readonly keys: readonly Setting[]
}

/** The typed value of one table: its keys in camel case. */
export type TableOf<K extends readonly Setting[]> = {
  readonly [E in K[number] as CamelCase<E['name']>]: Static<E>
}

export interface TablesEntry<N extends string = string, K extends readonly Setting[] = readonly Setting[]>
  extends TUnsafe<readonly TableOf<K>[]> {
  readonly kind: 'tables'
  readonly name: N
  readonly about: string
  readonly keys: K
  /** If any of the keys is a secret, no value of the list is shown. */
  readonly secret?: true
}

/**
 * A list of tables with these keys. Of a secret `x` and the path `x-file` a table has one at most: the file is for
 * those who keep secrets out of configuration.
 */
export function tables<const O extends TablesOptions>(options: O): TablesEntry<O['name'], O['keys']> {
  const { keys } = options
  const properties = Object.fromEntries(
    keys.map((key): [string, TSchema] => [key.name, key.mustBeSet === true ? key : Type.Optional(key)]),
  )
  const oneAtMost = secretsWithFile(keys).map((names) => ({ not: { required: names } }))
  const oneAtLeast = secretsWithFile(keys)
    .filter(([secret]) => keys.some(({ name, mustBeSet }) => name === secret && mustBeSet === 'or-file'))
    .map((names) => ({ anyOf: names.map((name) => ({ required: [name] })) }))
  const shape = Type.Array(
    Type.Object(properties, { additionalProperties: false, allOf: [...oneAtMost, ...oneAtLeast] }),
  )
  const secret = keys.some((key) => key.secret) ? { secret: true } : {}
  return Type.Unsafe({ ...shape, ...options, ...secret, kind: 'tables' }) as unknown as TablesEntry<
    O['name'],
    O['keys']
  >
}

function secretsWithFile(keys: readonly Setting[]): readonly (readonly [secret: string, file: string])[] {
  return keys
    .filter((key) => key.secret && keys.some(({ name }) => name === `${key.name}-file`))
    .map(({ name }) => [name, `${name}-file`])
}
