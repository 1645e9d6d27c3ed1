import type { RememberedSessionStore, Session, SessionStore } from '../records/session.ts'

/**
 * Remembered sessions go on after a restart, those that are not over meanwhile; no longer than they may last by what
 * is set now, nor longer from now on than one that begins now. Those that are over are told and removed only by a
 * clock that is trusted; else their hashes go into `overdue`.
 */
export async function restoreRemembered(deps: {
  remembered: RememberedSessionStore
  sessions: Pick<SessionStore, 'add'>
  overdue: Set<string>
  /** Told of those that ran out, of which nobody has been told yet; and to write that down. */
  onExpired: (session: Session) => void
  flush: () => Promise<void>
  now: number
  isTrusted: boolean
  /** 0 is none at all. */
  lengthMs: number
}): Promise<void> {
  const { remembered, sessions, overdue, now, isTrusted, lengthMs } = deps
  const isFinal = isTrusted || lengthMs === 0
  if (isFinal) await remembered.shorten(lengthMs, now)
  for (const session of await remembered.all()) {
    const expiresAt = latestEnd(session, lengthMs, now)
    if (expiresAt > now) await sessions.add({ ...session, expiresAt })
    else if (isFinal) deps.onExpired(session)
    else overdue.add(session.keyHash)
  }
  if (!isFinal) return
  // Written before they are forgotten, so that a crash in between tells of them twice rather than never.
  await deps.flush()
  await remembered.removeExpired(now)
  overdue.clear()
}

function latestEnd({ expiresAt, createdAt }: Session, lengthMs: number, now: number): number {
  return Math.min(expiresAt, createdAt + lengthMs, now + lengthMs)
}
