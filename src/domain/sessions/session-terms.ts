/** Every rule about when a session expires, and when its cookie is sent again. */
import type { Renewal, Session, SessionUse } from '../records/session.ts'

export interface SessionTerms {
  /** The expiry of a session that starts now, before any use extends it. */
  firstEnd(createdAt: number, remembered: boolean): number
  /** The end of the cookie of a session that starts now. */
  firstCookieEnd(createdAt: number, remembered: boolean): number
  /** How a request at that time renews a session. */
  renewal(at: number, background: boolean): Renewal
  /** The latest expiry that use can give the session. */
  lastEnd(session: Pick<Session, 'createdAt' | 'expiresAt' | 'remembered'>): number
  /** Whether users may be kept signed in. */
  readonly mayRemember: boolean
}

const NEVER_MS = Number.MAX_SAFE_INTEGER
/** The cookie is not sent again before this age: most requests of an active page need no new one. */
const COOKIE_AGE_MS = 60_000

/**
 * Each request extends the session to now plus the idle length, never past sign-in plus the longest length (ASVS 5.0
 * 7.3.1, 7.3.2). A remembered session has a fixed expiry, which use does not extend.
 */
export function createSessionTerms(options: {
  lengthMs: number
  maxLengthMs: number
  /** 0 allows no remembered sessions. */
  rememberLengthMs: number
  renew: boolean
  /**
   * Whether the cookie lasts as long as the session can at most. Then it is not sent again, and users stay signed in
   * behind a gateway that does not pass renewed cookies on.
   */
  cookieLastsLongest?: boolean
}): SessionTerms {
  const { lengthMs, maxLengthMs, rememberLengthMs, renew, cookieLastsLongest = false } = options
  function firstEnd(createdAt: number, remembered: boolean): number {
    return createdAt + (remembered ? rememberLengthMs : Math.min(lengthMs, maxLengthMs))
  }
  return {
    mayRemember: rememberLengthMs > 0,
    firstEnd,
    firstCookieEnd(createdAt, remembered) {
      const isRenewed = cookieLastsLongest && renew && !remembered
      return isRenewed ? createdAt + maxLengthMs : firstEnd(createdAt, remembered)
    },
    renewal: (at, background) => ({
      at,
      lengthMs: renew && !background ? lengthMs : undefined,
      longestMs: maxLengthMs,
      cookieAgeMs: cookieLastsLongest ? NEVER_MS : COOKIE_AGE_MS,
    }),
    lastEnd({ createdAt, expiresAt, remembered }) {
      return remembered ? expiresAt : Math.max(expiresAt, createdAt + maxLengthMs)
    },
  }
}

/**
 * Applies a use to a session that has not expired. Every session store does this atomically with finding the session.
 */
export function renewed(
  { createdAt, expiresAt, cookieSentAt, remembered }: Session,
  { at, lengthMs, longestMs, cookieAgeMs }: Renewal,
): SessionUse & { readonly sendCookie: boolean } {
  if (lengthMs === undefined || remembered) {
    return { lastUsedAt: at, expiresAt, cookieSentAt, sendCookie: false }
  }
  const endOfUse = (used: number) => Math.min(used + lengthMs, createdAt + longestMs)
  const moved = Math.max(expiresAt, endOfUse(at))
  // The expiry in the cookie may be earlier than the session's, which later requests have moved.
  const sendCookie = moved > endOfUse(cookieSentAt) && at - cookieSentAt >= cookieAgeMs
  return { lastUsedAt: at, expiresAt: moved, cookieSentAt: sendCookie ? at : cookieSentAt, sendCookie }
}
