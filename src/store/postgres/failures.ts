/** Translates errors of PostgreSQL and of the network to the domain's errors. */
import pg from 'pg'
import { invalid, type SluiceError, unavailable } from '../../domain/base/errors.ts'

const RETRY_AFTER_SECONDS = 2

/**
 * Classes and codes (PostgreSQL, appendix A) of a database that is unreachable, full, stopping, a standby, or slower
 * than the timeouts, while the statement itself is valid.
 */
const AWAY_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58', '40', '28', '3D'])
const AWAY_CODES: ReadonlySet<string> = new Set(['55P03', '25P03', '25P02', '25006'])
/** An entry that is too long for an index; SQLite has no such limit. */
const PROGRAM_LIMIT = '54000'

/** `isLost`: the connection on which it happened is no longer usable. */
export interface Failure {
  readonly error: unknown
  readonly isLost: boolean
}

/** Classifies a statement's error. An error that does not come from PostgreSQL is one of the network. */
export function failureOf(cause: unknown): Failure {
  if (cause instanceof TypeError) return { error: cause, isLost: true }
  if (!(cause instanceof pg.DatabaseError)) return { error: away(cause), isLost: true }
  const { code = '' } = cause
  const isLost = cause.severity === 'FATAL' || cause.severity === 'PANIC'
  if (code === PROGRAM_LIMIT) return { error: invalid('a name is too long to be kept', { cause }), isLost }
  const isAway = isLost || AWAY_CODES.has(code) || AWAY_CLASSES.has(code.slice(0, 2))
  return { error: isAway ? away(cause) : cause, isLost }
}

export function away(cause: unknown): SluiceError {
  return unavailable('the store cannot be reached; try again shortly', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}
