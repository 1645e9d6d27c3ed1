/** The one error type of Sluice and the closed set of its codes. HTTP statuses live in `http/errors.ts`. */

import type { ID } from './id.ts'
import type { Reason } from './reasons.ts'

/** The codes of InfluxDB's documented error schema. */
export type ErrorCode =
  | 'internal error'
  | 'not implemented'
  | 'not found'
  | 'conflict'
  | 'invalid'
  | 'unprocessable entity'
  | 'empty value'
  | 'unavailable'
  | 'forbidden'
  | 'too many requests'
  | 'unauthorized'
  | 'method not allowed'
  | 'request too large'
  | 'unsupported media type'

export interface ErrorDetails {
  /** The underlying error; goes to the log, and to the client only with `error-details`. */
  readonly cause?: unknown
  /** Seconds after which trying again makes sense (RFC 9110, Retry-After). */
  readonly retryAfterSeconds?: number
  /** Organization of the refused resource, for the audit log. */
  readonly orgID?: ID | undefined
  /** The reason for programs; undefined if the code is enough. */
  readonly reason?: Reason | undefined
}

/** An expected refusal or failure. `message` is written for the client; `cause` never is. */
export class SluiceError extends Error {
  readonly code: ErrorCode
  readonly retryAfterSeconds: number | undefined
  readonly orgID: ID | undefined
  readonly reason: Reason | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.name = 'SluiceError'
    this.code = code
    this.retryAfterSeconds = details.retryAfterSeconds
    this.orgID = details.orgID
    this.reason = details.reason
  }
}

export const invalid = (message: string, details?: ErrorDetails) =>
  new SluiceError('invalid', message, details)
export const notFound = (message: string) => new SluiceError('not found', message)
export const conflict = (reason: Reason, message: string) => new SluiceError('conflict', message, { reason })
export const emptyValue = (message: string) => new SluiceError('empty value', message)
export const forbidden = (reason: Reason, message: string, details?: ErrorDetails) =>
  new SluiceError('forbidden', message, { ...details, reason })
export const unprocessable = (message: string) => new SluiceError('unprocessable entity', message)
export const unavailable = (message: string, details?: ErrorDetails) =>
  new SluiceError('unavailable', message, details)

/** Refusals of credentials have the same message, so that it tells nothing about what was wrong with them. */
export const unauthorized = (reason: Reason, message = 'unauthorized access', details?: ErrorDetails) =>
  new SluiceError('unauthorized', message, { ...details, reason })

export function isUnauthorized(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.code === 'unauthorized'
}

/** Whether the error says that an attempt was throttled. */
export function isThrottled(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.code === 'too many requests'
}

const MOST_CAUSES = 10

/** The messages of an error's causes, outermost first. */
export function causesOf(error: Error): string[] {
  const messages: string[] = []
  let cause = error.cause
  while (cause !== undefined && messages.length < MOST_CAUSES) {
    messages.push(cause instanceof Error ? cause.message : String(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return messages
}
