/** What expressions of Flux evaluate to. */
export class Time {
  /** Nanoseconds since 1970. */
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }

  /** RFC 3339, with as many digits as the fraction needs. */
  toString(): string {
    const text = new Date(Number(this.nanoseconds / 1_000_000n)).toISOString()
    const digits = (((this.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
      .toString()
      .padStart(9, '0')
    const fraction = digits.replace(/0+$/, '')
    return `${text.slice(0, 19)}${fraction && `.${fraction}`}Z`
  }
}

export class Duration {
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }
}

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  '\u00b5s': 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  mo: 2_592_000_000_000_000n,
  y: 31_536_000_000_000_000n,
}

export function durationOf(
  values: readonly { readonly magnitude: number; readonly unit: string }[],
): Duration {
  return new Duration(
    values.reduce((sum, { magnitude, unit }) => sum + BigInt(magnitude) * (NANOSECONDS[unit] ?? 0n), 0n),
  )
}

export type Scalar = string | number | bigint | boolean | Time | null | undefined
export type Row = Readonly<Record<string, Scalar>>

export interface Table {
  /** The columns whose values are the same in all rows. */
  readonly group: readonly string[]
  /** In the order of the output. */
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/** What streaming functions hand on. */
export class Stream {
  readonly tables: readonly Table[]
  /** The bucket of a `from` that no `range` bounds yet. */
  readonly unbounded: string | undefined
  /** The name of the result, if `yield` or `to` gives one. */
  readonly name: string | undefined

  constructor(
    tables: readonly Table[],
    more: { unbounded?: string | undefined; name?: string | undefined } = {},
  ) {
    this.tables = tables
    this.unbounded = more.unbounded
    this.name = more.name
  }
}

export type Arguments = Readonly<Record<string, Value>>
export type Function_ = (given: Arguments, piped: Value) => Value

export type Value =
  | Scalar
  | Duration
  | RegExp
  | Stream
  | Function_
  | readonly Value[]
  | { readonly [name: string]: Value }
