/** How errors reach clients: one table from codes to statuses, one body. */
import { causesOf, type ErrorCode, SluiceError } from '../../domain/base/errors.ts'

export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  'internal error': 500,
  'not implemented': 501,
  'not found': 404,
  conflict: 422,
  invalid: 400,
  'unprocessable entity': 422,
  'empty value': 400,
  unavailable: 503,
  forbidden: 403,
  'too many requests': 429,
  unauthorized: 401,
  'method not allowed': 405,
  'request too large': 413,
  'unsupported media type': 415,
}

/** The documented error schema; `op` and `err` only if `error-details` asks for them. */
export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly op?: string
  readonly err?: string
}

export const ERROR_CODE_HEADER = 'x-platform-error-code'
/** A `Reason`, on refusals that programs must tell apart. */
export const REASON_HEADER = 'x-sluice-reason'

/** Converts an unexpected error to one that tells the client nothing about its cause, which goes to the log. */
export function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  return new SluiceError('internal error', 'an internal error has occurred', { cause: error })
}

/**
 * The body of an error. `details` names the logical operation; `err` is then the stack of causes, outermost
 * first, for debugging.
 */
export function errorBody(error: SluiceError, details?: { op: string }): ErrorBody {
  const { code, message } = error
  if (!details) return { code, message }
  const causes = causesOf(error)
  return { code, message, op: details.op, ...(causes.length > 0 ? { err: causes.join(': ') } : {}) }
}
