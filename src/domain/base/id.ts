import { invalid } from './errors.ts'

/** A 64-bit identifier, never zero, as 16 lower-case hexadecimal digits; text order is numeric order. */
export type ID = string & { readonly __id: never }

const SHAPE = /^[0-9a-f]{16}$/
const ZERO = '0000000000000000'

/**
 * Says what is wrong with `text` as an id, in InfluxDB's words; undefined if nothing is.
 * The length is counted in bytes, as InfluxDB does.
 */
export function idProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) !== 16) return 'id must have a length of 16 bytes'
  const lower = text.toLowerCase()
  return SHAPE.test(lower) && lower !== ZERO ? undefined : 'invalid ID'
}

/** Reads an id in either case; throws `invalid` with InfluxDB's words. */
export function parseID(text: string): ID {
  const problem = idProblem(text)
  if (problem) throw invalid(problem)
  return text.toLowerCase() as ID
}

/** Reads an id in either case; undefined for a text that is no id. */
export function idIn(text: string): ID | undefined {
  return idProblem(text) === undefined ? (text.toLowerCase() as ID) : undefined
}

export interface IDGenerator {
  /** An id greater than every earlier one of this generator. */
  next(): ID
}

const EPOCH_MS = Date.UTC(2020, 0, 1)
const SEQUENCE_BITS = 12n
const NODE_BITS = 10n
const SEQUENCE_LIMIT = 1 << Number(SEQUENCE_BITS)
const LAST_MS = 2 ** (64 - Number(NODE_BITS + SEQUENCE_BITS)) - 1

const DAY_MS = 86_400_000
/** About a year. */
const LEAP_MS = 2 ** 35
/** A millisecond, a second, a quarter of an hour. */
const UNITS_MS = [1, 2 ** 10, 2 ** 20]

/**
 * Ids of 42 bits of milliseconds, 10 bits of node and 12 bits of sequence.
 * They ascend even when the clock goes backwards: the last millisecond used, or that of `after`
 * (the newest id of an earlier run), is then kept and the sequence counts on.
 *
 * An id does not tell when it was made: `after` may come from InfluxDB, which counts from another year. If it is
 * ahead of the clock, new ids are ahead by a whole number of leaps. So nodes that start at different times agree on
 * the distance, and what they write side by side stays in the order of time. InfluxDB makes ids of organizations and
 * buckets at random, so `after` may be near the last id: then ids follow the clock in larger units. `next` throws once
 * ids of 64 bits are used up.
 */
export function createIDGenerator(options: {
  now: () => number
  node: number
  after?: ID | undefined
}): IDGenerator {
  const node = BigInt(options.node % (1 << Number(NODE_BITS)))
  let lastMs = options.after ? Number(BigInt(`0x${options.after}`) >> (NODE_BITS + SEQUENCE_BITS)) : 0
  let sequence = options.after ? SEQUENCE_LIMIT : -1
  const sinceEpoch = () => Math.max(options.now() - EPOCH_MS, 1)
  const { unitMs, ahead } = paceFor(lastMs, sinceEpoch())
  return {
    next() {
      const ms = Math.floor(sinceEpoch() / unitMs) + ahead
      if (ms > lastMs) {
        lastMs = ms
        sequence = 0
      } else if (++sequence >= SEQUENCE_LIMIT) {
        lastMs += 1
        sequence = 0
      }
      if (lastMs > LAST_MS) throw new Error(`no id is left above ${options.after}, which is in the store`)
      const value =
        (BigInt(lastMs) << (NODE_BITS + SEQUENCE_BITS)) | (node << SEQUENCE_BITS) | BigInt(sequence)
      return value.toString(16).padStart(16, '0') as ID
    },
  }
}

/**
 * How new ids follow the clock: by one for each `unitMs`, and how far ahead. A clock may have gone back by less than a
 * day; an id that is further ahead was counted from another year, or made at random. The unit is the smallest that
 * leaves room for a year. If none does, ids are counted one by one.
 */
function paceFor(lastMs: number, clockMs: number): { unitMs: number; ahead: number } {
  for (const unitMs of UNITS_MS) {
    const [clock, leap] = [Math.floor(clockMs / unitMs), LEAP_MS / unitMs]
    const ahead = Math.max(0, Math.ceil((lastMs - clock - DAY_MS / unitMs) / leap)) * leap
    if (clock + ahead + leap < LAST_MS) return { unitMs, ahead }
  }
  return { unitMs: 1, ahead: 0 }
}
