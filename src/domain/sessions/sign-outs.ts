/** Sign-outs that have ended the session in this process and that the database has not recorded yet. */

import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Changes } from '../changes.ts'
import { type Session, sessionID } from '../records/session.ts'
import { recordSessionEnd } from './record-session-end.ts'
import type { SessionTerms } from './session-terms.ts'

export interface SignOuts {
  /**
   * Records a sign-out whose session is already removed from memory. Throws if it cannot be recorded now, and keeps
   * retrying, so that the session never comes back.
   */
  write(session: Session, origin: RequestOrigin): Promise<void>
  /** Waits for a sign-out that is requested again after it could not be recorded; `false` if there is none. */
  repeat(keyHash: string): Promise<boolean>
  /** Stops retrying, after one last attempt. */
  stop(): Promise<void>
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

interface Pending {
  readonly session: Session
  readonly origin: RequestOrigin
  /** The write under way, so that it is not written twice. */
  writing: Promise<void> | undefined
  written: boolean
}

export function createSignOuts(deps: {
  changes: Changes
  terms: Pick<SessionTerms, 'lastEnd'>
  now: Clock
  log: Pick<Log, 'error'>
}): SignOuts {
  const pending = new Map<string, Pending>()
  let delayMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined

  function writeOnce(each: Pending): Promise<void> {
    each.writing ??= record(each).finally(() => {
      each.writing = undefined
    })
    return each.writing
  }

  async function record(each: Pending): Promise<void> {
    if (each.written) return
    const { session, origin } = each
    const actor = { userID: session.userID, sessionID: sessionID(session) }
    await deps.changes(async (change) => {
      await recordSessionEnd(change, session, deps.terms)
      const { userID, orgID } = session
      const target = { type: 'session', id: actor.sessionID, userID, orgID }
      change.records({ event: 'signout', target, actor, origin })
    })
    each.written = true
  }

  /** Drops sign-outs of sessions that have expired since: their rows are removed with all expired ones. */
  async function retry(): Promise<void> {
    timer = undefined
    const at = deps.now()
    let unwritten = 0
    for (const [keyHash, each] of pending) {
      if (each.session.expiresAt <= at) pending.delete(keyHash)
      else await writeOnce(each).catch(() => (unwritten += 1))
    }
    if (unwritten > 0) deps.log.error('sign-outs cannot be written yet', { sessions: unwritten })
    delayMs = unwritten > 0 ? Math.min(delayMs * 2, LONGEST_RETRY_MS) : FIRST_RETRY_MS
    if (pending.size > 0) retryLater()
  }

  function retryLater(): void {
    timer ??= setTimeout(retry, delayMs)
    timer.unref()
  }

  return {
    async write(session, origin) {
      const each: Pending = { session, origin, writing: undefined, written: false }
      pending.set(session.keyHash, each)
      try {
        await writeOnce(each)
        pending.delete(session.keyHash)
      } catch (error) {
        retryLater()
        throw error
      }
    },
    async repeat(keyHash) {
      const each = pending.get(keyHash)
      if (!each) return false
      await writeOnce(each)
      // If two requests sign out at the same moment, only one counts as the sign-out.
      return pending.delete(keyHash)
    },
    async stop() {
      if (pending.size > 0) await retry()
      clearTimeout(timer)
    },
  }
}
