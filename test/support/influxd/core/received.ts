/** What reached the stand-in, for tests that check what a gateway sends. */
import type { IncomingHttpHeaders } from 'node:http'

export interface ReceivedRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, repeated headers included. */
  readonly rawHeaders: readonly string[]
  /** As sent, before any unzipping; empty until it has come. */
  body: Buffer
  /** Of the answer; undefined while there is none. */
  status: number | undefined
  /** The client went away before the answer was complete. */
  isAborted: boolean
}
