/** How long sessions last: every rule of when one ends, and when its cookie is sent again. */
import type { Session, SessionUse } from './session.ts'

export interface SessionTerms {
  /** When a session ends that starts now, unless use moves it. */
  firstEnd(createdAt: number, remembered: boolean): number
  /** What a request at that time makes of a session. */
  use(session: Session, at: number, background: boolean): SessionUse
  /** Whether users may be kept signed in. */
  readonly mayRemember: boolean
}

/** A cookie is not sent again sooner: most requests of an active page need none. */
const COOKIE_AGE_MS = 60_000

/**
 * Each request moves the end to now plus the idle length, never past sign-in plus the longest length (ASVS 5.0
 * 7.3.1, 7.3.2). A remembered session has one end, which nothing moves.
 */
export function createSessionTerms(options: {
  lengthMs: number
  maxLengthMs: number
  /** 0 is none. */
  rememberLengthMs: number
  renew: boolean
}): SessionTerms {
  const { lengthMs, maxLengthMs, rememberLengthMs, renew } = options
  return {
    mayRemember: rememberLengthMs > 0,
    firstEnd(createdAt, remembered) {
      return createdAt + (remembered ? rememberLengthMs : Math.min(lengthMs, maxLengthMs))
    },
    use({ createdAt, expiresAt, cookieSentAt, remembered }, at, background) {
      const used = { lastUsedAt: at, expiresAt, cookieSentAt }
      if (!renew || remembered || background) return used
      const endOfUse = (used: number) => Math.min(used + lengthMs, createdAt + maxLengthMs)
      const moved = Math.max(expiresAt, endOfUse(at))
      // What the cookie was told, which may be less than what requests since have made of the end.
      const sendAgain = moved > endOfUse(cookieSentAt) && at - cookieSentAt >= COOKIE_AGE_MS
      return { lastUsedAt: at, expiresAt: moved, cookieSentAt: sendAgain ? at : cookieSentAt }
    },
  }
}
