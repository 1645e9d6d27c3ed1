import type { RememberedSessionStore, Session, SessionStore } from '../records/session.ts'

/**
 * Restores the remembered sessions that have not expired. Caps each at `lengthMs` after its sign-in and at `lengthMs`
 * from now. With a trusted clock it reports and removes the expired ones; else it only adds their hashes to
 * `expiredUnpersisted`.
 */
export async function restoreRemembered(deps: {
  remembered: RememberedSessionStore
  sessions: Pick<SessionStore, 'add'>
  expiredUnpersisted: Set<string>
  /** Reports an expired session to the audit log; `flush` writes the reports. */
  onExpired: (session: Session) => void
  flush: () => Promise<void>
  now: number
  isTrusted: boolean
  /** 0 restores none. */
  lengthMs: number
}): Promise<void> {
  const { remembered, sessions, expiredUnpersisted, now, isTrusted, lengthMs } = deps
  const isFinal = isTrusted || lengthMs === 0
  if (isFinal) await remembered.shorten(lengthMs, now)
  for (const session of await remembered.all()) {
    const expiresAt = latestEnd(session, lengthMs, now)
    if (expiresAt > now) await sessions.add({ ...session, expiresAt })
    else if (isFinal) deps.onExpired(session)
    else expiredUnpersisted.add(session.keyHash)
  }
  if (!isFinal) return
  // Written before the rows are removed, so that a crash in between reports them twice rather than never.
  await deps.flush()
  await remembered.removeExpired(now)
  expiredUnpersisted.clear()
}

function latestEnd({ expiresAt, createdAt }: Session, lengthMs: number, now: number): number {
  return Math.min(expiresAt, createdAt + lengthMs, now + lengthMs)
}
