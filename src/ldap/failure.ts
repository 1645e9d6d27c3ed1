/** What a failure of a directory means. */
import { ResultCodeError } from 'ldapts'
import { SluiceError, unavailable } from '../domain/base/errors.ts'

/** RFC 4511, appendix A. */
export const RESULT = {
  referral: 10,
  constraintViolation: 19,
  noSuchObject: 32,
  invalidDNSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
} as const

/** Why a directory gives no answer; `closed` alone says that the same request may succeed on a new connection. */
export type Problem =
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'closed'
  | 'busy'
  | 'referral'
  | 'service-account'
  | 'base'
  | 'misconfigured'
  | 'refused'

/** The directory gives no answer. Its message is for the log; no client gets to see it. */
export class DirectoryError extends Error {
  readonly problem: Problem

  constructor(problem: Problem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DirectoryError'
    this.problem = problem
  }
}

/** The result code with which a server refused an operation; undefined for every other error. */
export function resultCodeOf(error: unknown): number | undefined {
  // Its subclasses set their own prototype, so that `instanceof` knows the base class alone.
  return error instanceof ResultCodeError ? error.code : undefined
}

/** An error of ldapts or of a socket, for what it means. */
export function directoryErrorOf(error: unknown): DirectoryError {
  if (error instanceof DirectoryError) return error
  const code = resultCodeOf(error)
  const text = (error as Error).message
  if (code === undefined) {
    const isTimeout = /timed out|timeout/i.test(text)
    return new DirectoryError(isTimeout ? 'timeout' : 'closed', text, error)
  }
  if (code === RESULT.referral) {
    return new DirectoryError('referral', 'the server refers to another one, which is not followed', error)
  }
  if (code === RESULT.busy || code === RESULT.unavailable) return new DirectoryError('busy', text, error)
  if (code === RESULT.noSuchObject) {
    return new DirectoryError('base', 'the directory has no entry at the base, or does not show it', error)
  }
  return new DirectoryError('refused', text, error)
}

/** The answer to clients, the same for every problem; the log has the cause. */
export function directoryAway(cause: unknown): SluiceError {
  if (cause instanceof SluiceError) return cause
  return unavailable('the directory cannot be asked now; try again later, or sign in as a local user', {
    ...{ cause, reason: 'directory-away', retryAfterSeconds: RETRY_AFTER_SECONDS },
  })
}

const RETRY_AFTER_SECONDS = 5
