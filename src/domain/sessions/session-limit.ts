import type { Session } from './session.ts'

/** How many sessions one user may have at a time; 0 is no limit. */
export type SessionLimit = number

/**
 * Which of a user's sessions must end so that one more may begin: those longest without use, and of them the
 * oldest. What is over already counts no more. Takes the newest first, as the store lists them.
 */
export function beyondLimit(sessions: readonly Session[], limit: SessionLimit, at: number): Session[] {
  if (limit === 0 || sessions.length < limit) return []
  const live = sessions.filter(({ expiresAt }) => expiresAt > at)
  const tooMany = live.length + 1 - limit
  if (tooMany <= 0) return []
  return live
    .toReversed()
    .sort((a, b) => a.lastUsedAt - b.lastUsedAt)
    .slice(0, tooMany)
}
