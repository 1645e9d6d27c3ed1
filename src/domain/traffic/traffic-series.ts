/** Counts of forwarded requests over time: by minute for an hour, and by hour for a day. */

export interface TrafficCounts {
  readonly requests: number
  /** Answered 401, 403 or 429, by this server or by upstream. */
  readonly refused: number
  /** Other answers from 400 on, and answers that were cut off. */
  readonly errors: number
  /** The bytes of request bodies, as clients sent them. */
  readonly bytesIn: number
  /** The bytes of answers' bodies, as upstream sent them. */
  readonly bytesOut: number
}

export interface TrafficPoint extends TrafficCounts {
  /** Milliseconds since 1970. */
  readonly start: number
}

export interface TrafficSpan {
  readonly bucketMs: number
  readonly total: TrafficCounts
  /** Oldest first, without gaps. The last one goes on. */
  readonly points: readonly TrafficPoint[]
}

export interface Traffic {
  readonly lastHour: TrafficSpan
  readonly lastDay: TrafficSpan
}

export interface TrafficSeries {
  add(at: number, counts: TrafficCounts): void
  /** Forgets everything. */
  reset(): void
  read(at: number): Traffic
  totals(at: number): { readonly lastHour: TrafficCounts; readonly lastDay: TrafficCounts }
}

const FIELDS = ['requests', 'refused', 'errors', 'bytesIn', 'bytesOut'] as const
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** One of the two rings of a series. A bucket overwrites the one that is a whole round older. */
interface Ring {
  readonly bucketMs: number
  readonly size: number
  /**
   * The offset of the ring. It begins with two numbers: its newest bucket, and its first one since the reset. Its
   * counts follow.
   */
  readonly start: number
}

const HEAD = 2
const HOUR_RING: Ring = { bucketMs: MINUTE_MS, size: 60, start: 0 }
const DAY_RING: Ring = { bucketMs: HOUR_MS, size: 24, start: HEAD + 60 * FIELDS.length }
const LENGTH = DAY_RING.start + HEAD + 24 * FIELDS.length

/**
 * Takes 3.4 kB, however much is counted, in one piece of memory: many tokens in turns make each access a cache miss.
 */
export function createTrafficSeries(): TrafficSeries {
  return new Series()
}

class Series implements TrafficSeries {
  readonly #kept = new Float64Array(LENGTH)

  constructor() {
    for (const ring of [HOUR_RING, DAY_RING]) markEmpty(this.#kept, ring)
  }
  add(at: number, counts: TrafficCounts): void {
    addTo(this.#kept, HOUR_RING, at, counts)
    addTo(this.#kept, DAY_RING, at, counts)
  }
  reset(): void {
    for (const ring of [HOUR_RING, DAY_RING]) {
      const { start } = ring
      clear(this.#kept, ring, this.#kept[start + 1] as number, (this.#kept[start] as number) + 1)
      markEmpty(this.#kept, ring)
    }
  }
  read(at: number): Traffic {
    return { lastHour: spanOf(this.#kept, HOUR_RING, at), lastDay: spanOf(this.#kept, DAY_RING, at) }
  }
  totals(at: number) {
    const total = (ring: Ring) => countsOf(this.#kept, ring, bucketsUntil(ring, at))
    return { lastHour: total(HOUR_RING), lastDay: total(DAY_RING) }
  }
}

function markEmpty(kept: Float64Array, { start }: Ring): void {
  kept[start] = Number.NEGATIVE_INFINITY
  kept[start + 1] = Number.POSITIVE_INFINITY
}

function placeOf({ start, size }: Ring, bucket: number): number {
  return start + HEAD + (bucket % size) * FIELDS.length
}

/** Sets the buckets from `from` to before `to` to zero. */
function clear(kept: Float64Array, ring: Ring, from: number, to: number): void {
  for (let each = Math.max(from, to - ring.size); each < to; each += 1) {
    const place = placeOf(ring, each)
    for (let field = 0; field < FIELDS.length; field += 1) kept[place + field] = 0
  }
}

function addTo(kept: Float64Array, ring: Ring, at: number, counts: TrafficCounts): void {
  const { start, bucketMs } = ring
  const newest = kept[start] as number
  // A clock that was set back counts into the bucket in which it was.
  const bucket = Math.max(Math.floor(at / bucketMs), newest)
  if (bucket > newest) {
    if ((kept[start + 1] as number) > bucket) kept[start + 1] = bucket
    else clear(kept, ring, newest + 1, bucket + 1)
    kept[start] = bucket
  }
  const place = placeOf(ring, bucket)
  // In the order of `FIELDS`.
  count(kept, place, counts.requests)
  count(kept, place + 1, counts.refused)
  count(kept, place + 2, counts.errors)
  count(kept, place + 3, counts.bytesIn)
  count(kept, place + 4, counts.bytesOut)
}

function count(kept: Float64Array, place: number, added: number): void {
  if (added !== 0) kept[place] = (kept[place] as number) + added
}

/** The buckets of a ring that end with the one of this time. */
function bucketsUntil({ bucketMs, size }: Ring, at: number): number[] {
  const last = Math.floor(at / bucketMs)
  return Array.from({ length: size }, (_, index) => last - size + 1 + index)
}

function countsOf(kept: Float64Array, ring: Ring, buckets: readonly number[]): TrafficCounts {
  const newest = kept[ring.start] as number
  // A bucket may lie before or after all that was counted.
  const counted = buckets.filter((bucket) => bucket <= newest && bucket > newest - ring.size)
  const sum = (field: number) =>
    counted.reduce((all, bucket) => all + (kept[placeOf(ring, bucket) + field] as number), 0)
  return { requests: sum(0), refused: sum(1), errors: sum(2), bytesIn: sum(3), bytesOut: sum(4) }
}

function spanOf(kept: Float64Array, ring: Ring, at: number): TrafficSpan {
  const { bucketMs } = ring
  const buckets = bucketsUntil(ring, at)
  return {
    bucketMs,
    total: countsOf(kept, ring, buckets),
    points: buckets.map((bucket) => ({ start: bucket * bucketMs, ...countsOf(kept, ring, [bucket]) })),
  }
}
