import type { Clock } from '../base/clock.ts'
import { forbidden } from '../base/errors.ts'
import { isApplicationMethod } from '../records/session.ts'
import type { PowerfulAct } from './powerful-acts.ts'
import type { Caller } from './principal.ts'

export interface Freshness {
  /**
   * Throws `forbidden` if the caller acts by a session whose sign-in is too long ago, was made with an application
   * password, or lacks the second factor that the user has. Tokens are not asked.
   */
  require(caller: Caller, act: PowerfulAct): void
}

/** `freshMs` is how long a sign-in counts as fresh; 0 asks for none. */
export function createFreshness({ now, freshMs }: { now: Clock; freshMs: number }): Freshness {
  return {
    require({ session, principal }) {
      if (!session) return
      if (isApplicationMethod(session.method)) {
        throw forbidden('application-password', 'an application password may not do this; sign in yourself')
      }
      if (principal.hasSecondFactor && session.level !== 'two-factors') {
        throw forbidden(
          'second-factor-required',
          'this needs a sign-in with a second factor; sign in again and repeat it',
        )
      }
      if (freshMs === 0) return
      // The age is negative if the session began while the clock was set ahead.
      const ageMs = now() - session.authenticatedAt
      if (ageMs >= 0 && ageMs < freshMs) return
      const minutes = Math.max(1, Math.round(freshMs / 60_000))
      throw forbidden(
        'sign-in-too-old',
        `this needs a sign-in of the last ${minutes === 1 ? 'minute' : `${minutes} minutes`}; sign in again and repeat it`,
      )
    },
  }
}
