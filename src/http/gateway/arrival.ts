/** A request that the gateway takes, as far as it has been read. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from '../../domain/access/principal.ts'
import type { ID } from '../../domain/base/id.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import type { BucketScope } from '../../domain/gateway/upstream-rights.ts'
import type { BodyCheck, CheckedCoding } from './body-check.ts'
import type { GatewayRoute } from './route-table.ts'
import type { Parameters } from './target.ts'

/** The most bytes of a body that a judge reads. */
export const MOST_JUDGED_BYTES = 1_048_576

export interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly route: GatewayRoute
  readonly path: string
  readonly segments: readonly string[]
  readonly parameters: Parameters
  /** The parameters that decide what the request is about, by name. */
  readonly decisive: Readonly<Record<string, string | undefined>>
  readonly caller: Caller
  /** Reads a body of at most `mostBytes`. If the client sent `Expect: 100-continue`, it gets `100 Continue` first. */
  read(mostBytes: number): MaybePromise<Buffer>
}

/** What the gateway answers itself, in place of upstream. */
export interface OwnAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** What is sent upstream for it. */
export interface Outgoing {
  /** The organization with whose rights it is sent. */
  readonly orgID: ID
  readonly scope?: BucketScope
  /** Set for a list of several organizations: each is asked with its own rights, and the answers are joined. */
  readonly organizations?: readonly ID[]
  /** Set if nothing is sent. */
  readonly answer?: OwnAnswer
  /** Path and query. */
  readonly target: string
  /** `as-sent` is the client's body, which has not been read; it can then not be sent a second time. */
  readonly body: Buffer | 'as-sent' | undefined
  /** Set if the gateway rewrote the body. */
  readonly contentType?: string
  /** Checks a body that is sent as it came, but for its coding. */
  readonly check?: { readonly lines: BodyCheck; readonly coding: CheckedCoding }
  /** The bucket of the request, for metrics and the audit log. */
  readonly bucketID?: ID
  /** For the audit log: what a request of the 1.x API names in place of a bucket, as `db` or `db/rp`. */
  readonly database?: string
  /** What the audit log keeps of a query or delete. */
  readonly statement?: string
  /**
   * Changes upstream's answer, which is read whole and must be JSON. Called after `settle`; throws `unavailable` for what it
   * cannot read.
   */
  readonly rewrite?: (body: Buffer) => Promise<Buffer>
  /** Called after upstream has answered with success. */
  readonly afterwards?: () => MaybePromise<void>
  /**
   * Follows what upstream did, which its answer does not always tell. Called once upstream has answered, before the client
   * has a short answer, and also if the request failed on the way.
   *
   * @param status upstream's; undefined if it gave none
   */
  readonly settle?: (status: number | undefined) => Promise<void>
  /** Called before it is sent; what it returns, at the end of the request, whatever came of it. */
  readonly begin?: () => () => void
}

/** Decides about one kind of request; throws SluiceError to refuse it. What nothing must be waited for, comes at once. */
export type Judge = (arrival: Arrival) => MaybePromise<Outgoing>
