import type { Change } from '../changes.ts'
import type { Session } from '../records/session.ts'
import type { SessionTerms } from './session-terms.ts'

/** Records the end of one session in the database, so that no session store brings it back. */
export async function recordSessionEnd(
  change: Change,
  session: Session,
  terms: Pick<SessionTerms, 'lastEnd'>,
): Promise<void> {
  await change.rememberedSessions.remove(session.keyHash)
  await change.sessionEnds.end(session.keyHash, terms.lastEnd(session))
  change.affects(session.userID)
}
