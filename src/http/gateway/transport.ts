import type { Readable } from 'node:stream'

/** A request as upstream gets it. */
export interface UpstreamRequest {
  readonly method: string
  readonly target: string
  /** Names and values in turn, without `Host` and what frames the body. */
  readonly headers: readonly string[]
  /** In one piece, or as it arrives with its length if that is known. */
  readonly body: Buffer | { readonly stream: Readable; readonly length: number | undefined } | undefined
  /** How long the head of the answer, and each further part of it, may take; milliseconds. */
  readonly timeoutMs: number
  /** Whether a short answer is to be expected, as to a write. */
  readonly isShort?: boolean
}

/** What the reader of an answer may do with it. */
export interface AnswerControl {
  pause(): void
  resume(): void
  /** Ends the connection to upstream, which stops a query there. */
  abort(): void
}

/** Called in this order: `onStart`, `onHead`, `onData` any number of times, `onEnd`; `onFailure` ends it at any time. */
export interface AnswerReader {
  /** Before anything is sent. */
  onStart(control: AnswerControl): void
  /** Names and values in turn, and the text after the status, as upstream wrote them. */
  onHead(status: number, headers: readonly string[], message: string): void
  onData(chunk: Buffer): void
  onEnd(): void
  onFailure(failure: UpstreamFailure): void
}

/**
 * - `refused`: no connection came about, so upstream saw nothing of the request
 * - `timeout`: upstream did not answer in time
 * - `broken`: the connection ended early, or what came was no HTTP
 * - `aborted`: by `abort`, or because the client sent no more of the body
 */
export type FailureKind = 'refused' | 'timeout' | 'broken' | 'aborted'

export interface UpstreamFailure {
  readonly kind: FailureKind
  readonly cause: Error
}

/** The connections to upstream. Implemented beside the domain's ports, in `src/upstream`. */
export interface Transport {
  send(request: UpstreamRequest, reader: AnswerReader): void
}
