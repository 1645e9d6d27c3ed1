/** What an inspection reports. */

/** What a call does with a bucket. `unknown` counts as reading and writing. */
export type FluxAccess = 'read' | 'write' | 'unknown'

/** A bucket that a text names by its id, which InfluxDB opens without asking who may read it. */
export interface BucketUse {
  /** 16 lower-case hexadecimal digits. */
  readonly id: string
  readonly access: FluxAccess
}

/** Why a text cannot be judged. */
export type FluxRefusalReason =
  /** The argument has a value other than a plain literal id. Harmless from a caller with all rights to all buckets. */
  | 'computed-bucket'
  /** It does not parse, so `imports` and `opens` say nothing. */
  | 'syntax'
  /** Longer, deeper or costlier than what is parsed here. */
  | 'too-large'
  /** The body is not the JSON that InfluxDB reads in one way only, or not UTF-8. */
  | 'malformed-body'
  /** Something that is not in the request, or whose form cannot be foreseen, becomes part of a Flux text. */
  | 'not-inspectable'

export interface FluxRefusal {
  readonly reason: FluxRefusalReason
  readonly message: string
}

/** Names of arguments that make a function open something else than a bucket of this server. */
export type OutwardArgument = 'host' | 'file'

export interface FluxFindings {
  /** Each pair of id and access once. */
  readonly bucketIDs: readonly BucketUse[]
  /** Arguments by which a function without an import, or one of `csv` or `v1`, opens a host or a file. */
  readonly opens: readonly OutwardArgument[]
  /** Paths of imported packages; `reachesOut` says which of them open connections. */
  readonly imports: readonly string[]
  readonly refusal?: FluxRefusal
}

export const NOTHING_FOUND: FluxFindings = { bucketIDs: [], opens: [], imports: [] }

export function refused(
  reason: FluxRefusalReason,
  message: string,
  found: FluxFindings = NOTHING_FOUND,
): FluxFindings {
  return { ...found, refusal: { reason, message } }
}

/** The findings of several texts that one request holds. The first refusal stands for all. */
export function combined(all: readonly FluxFindings[]): FluxFindings {
  const uses = new Map(
    all.flatMap(({ bucketIDs }) => bucketIDs).map((use) => [`${use.id} ${use.access}`, use]),
  )
  const refusal = all.find((each) => each.refusal)?.refusal
  return {
    bucketIDs: [...uses.values()],
    opens: [...new Set(all.flatMap(({ opens }) => opens))],
    imports: [...new Set(all.flatMap(({ imports }) => imports))],
    ...(refusal && { refusal }),
  }
}
