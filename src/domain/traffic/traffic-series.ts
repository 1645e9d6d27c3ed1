/** Counts of forwarded requests over time: by minute for an hour, and by hour for a day. */

export interface TrafficCounts {
  readonly requests: number
  /** Answered 401, 403 or 429, by this server or by upstream. */
  readonly refused: number
  /** Other answers from 400 on, and answers that were cut off. */
  readonly errors: number
  /** Of request bodies, as they were sent. */
  readonly bytesIn: number
  /** Of answers' bodies, as upstream sent them. */
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

/** Takes 3.4 kB, however much is counted. */
export function createTrafficSeries(): TrafficSeries {
  const hour = createRing(MINUTE_MS, 60)
  const day = createRing(HOUR_MS, 24)
  return {
    add(at, counts) {
      hour.add(at, counts)
      day.add(at, counts)
    },
    reset() {
      hour.reset()
      day.reset()
    },
    read: (at) => ({ lastHour: hour.read(at), lastDay: day.read(at) }),
    totals: (at) => ({ lastHour: hour.total(at), lastDay: day.total(at) }),
  }
}

/** The newest buckets, each in the place of the one that it follows by a whole round. */
function createRing(bucketMs: number, size: number) {
  const kept = new Float64Array(size * FIELDS.length)
  let newest = Number.NEGATIVE_INFINITY
  const bucketOf = (at: number) => Math.floor(at / bucketMs)
  const placeOf = (bucket: number) => (bucket % size) * FIELDS.length

  function moveOn(bucket: number): void {
    if (bucket <= newest) return
    // All is zero at the beginning.
    if (bucket - newest >= size && newest > Number.NEGATIVE_INFINITY) kept.fill(0)
    for (let each = newest + 1; each <= bucket && bucket - newest < size; each += 1) {
      kept.fill(0, placeOf(each), placeOf(each) + FIELDS.length)
    }
    newest = bucket
  }

  function count(place: number, added: number): void {
    if (added !== 0) kept[place] = (kept[place] as number) + added
  }

  /** The field of a bucket, which may lie before or after all that was counted. */
  function value(bucket: number, field: number): number {
    return bucket <= newest && bucket > newest - size ? (kept[placeOf(bucket) + field] ?? 0) : 0
  }

  function countsOf(buckets: readonly number[]): TrafficCounts {
    const sum = (field: number) => buckets.reduce((all, bucket) => all + value(bucket, field), 0)
    return { requests: sum(0), refused: sum(1), errors: sum(2), bytesIn: sum(3), bytesOut: sum(4) }
  }

  function bucketsUntil(at: number): number[] {
    const last = bucketOf(at)
    return Array.from({ length: size }, (_, index) => last - size + 1 + index)
  }

  return {
    add(at: number, counts: TrafficCounts): void {
      // A clock that was set back counts into the bucket in which it was.
      const bucket = Math.max(bucketOf(at), newest)
      moveOn(bucket)
      const place = placeOf(bucket)
      // In the order of `FIELDS`.
      count(place, counts.requests)
      count(place + 1, counts.refused)
      count(place + 2, counts.errors)
      count(place + 3, counts.bytesIn)
      count(place + 4, counts.bytesOut)
    },
    reset() {
      kept.fill(0)
      newest = Number.NEGATIVE_INFINITY
    },
    total: (at: number) => countsOf(bucketsUntil(at)),
    read(at: number): TrafficSpan {
      const buckets = bucketsUntil(at)
      return {
        bucketMs,
        total: countsOf(buckets),
        points: buckets.map((bucket) => ({ start: bucket * bucketMs, ...countsOf([bucket]) })),
      }
    },
  }
}
