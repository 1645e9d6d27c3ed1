/** Ids as InfluxDB assigns them: time, machine and sequence in 64 bits, as 16 hex digits. */
import { InfluxError } from './errors.ts'

/** InfluxDB counts from 2017. */
const EPOCH_MS = Date.UTC(2017, 3, 9)
/** Years before today, so that no test confuses these ids with Sluice's own. */
const FIRST_MS = Date.UTC(2021, 5, 1)
const MACHINE = 3n

export type NextID = () => string

/** Ids in ascending order, the same in each run. */
export function createIDs(): NextID {
  let count = 0n
  return () => {
    count++
    const milliseconds = BigInt(FIRST_MS - EPOCH_MS) + count * 7n
    return ((milliseconds << 22n) | (MACHINE << 12n) | (count & 0xfffn)).toString(16).padStart(16, '0')
  }
}

const ID = /^[0-9a-f]{16}$/i

/** The id as InfluxDB keeps it, or undefined if the text is none. */
export function asID(text: string): string | undefined {
  return ID.test(text) && !/^0+$/.test(text) ? text.toLowerCase() : undefined
}

export function mustBeID(text: string | undefined): string {
  if (text?.length !== 16) throw new InfluxError('invalid', 'id must have a length of 16 bytes')
  const id = asID(text)
  if (!id) throw new InfluxError('invalid', 'invalid ID')
  return id
}
