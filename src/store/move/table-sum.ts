import { createHash } from 'node:crypto'

export type Row = Readonly<Record<string, unknown>>

export interface TableSum {
  add(row: Row): void
  readonly count: number
  /** 32 hexadecimal digits; the same for the same rows in whatever order. */
  text(): string
}

const MODULUS = 1n << 128n

/**
 * A checksum of a table's rows: their number and the sum of their hashes, so that it does not depend on their order.
 * It finds mistakes, not forgery.
 */
export function createTableSum(columns: readonly string[]): TableSum {
  const names = columns.toSorted()
  let count = 0
  let sum = 0n
  return {
    add(row) {
      const canonical = JSON.stringify(names.map((name) => row[name] ?? null))
      const hash = createHash('sha256').update(canonical).digest('hex')
      sum = (sum + BigInt(`0x${hash.slice(0, 32)}`)) % MODULUS
      count += 1
    },
    get count() {
      return count
    },
    text: () => sum.toString(16).padStart(32, '0'),
  }
}
