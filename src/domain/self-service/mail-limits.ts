/** Against flooding mailboxes: how much mail one client, one user and one mailbox may cause. */
import { hash } from 'node:crypto'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID } from '../base/id.ts'
import type { GuessClaim, GuessCounters } from '../guessing/guess-counters.ts'

const HOUR_MS = 3600_000
/** Per hour; `perMailbox` for each purpose. */
export const MAILS = { perMailbox: 3, perUser: 5, perMaker: 60, perClient: 30 } as const

export interface MailLimits {
  /** Counts a request that may cause mail; throws `too many requests` if that client caused enough in this hour. */
  countClient(address: string): Promise<void>
  /** The same for a user who has mail sent, such as invitations. */
  countMaker(userID: ID): Promise<void>
  /**
   * Whether one more mail about this user may be sent, which it counts. A refusal is not shown, since it would
   * tell that mail was sent before.
   */
  mayConcern(userID: ID): Promise<boolean>
  /**
   * The same for a mailbox, by what the mail is for: who asks for new passwords of others must not keep an invitation
   * away from them.
   */
  mayReach(mailbox: string, purpose: string): Promise<boolean>
}

/** Counts where failed guesses are counted: in this process, or in Redis for all nodes. */
export function createMailLimits({ counters, now }: { counters: GuessCounters; now: Clock }): MailLimits {
  /** Returns for how long it must wait, in milliseconds; undefined if it need not. */
  async function count(key: string, scope: GuessClaim['scope'], most: number): Promise<number | undefined> {
    const claim: GuessClaim = { key, scope, rule: { free: most, windowMs: HOUR_MS } }
    const answer = await counters.reserve([claim], now())
    if (answer.kind === 'throttled') return answer.retryAfterMs
    await answer.settle('wrong', now())
    return undefined
  }

  function refuse(waitMs: number | undefined): void {
    if (waitMs === undefined) return
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
    const minutes = Math.ceil(retryAfterSeconds / 60)
    throw new SluiceError('too many requests', `too much mail was asked for; wait ${minutes} minutes`, {
      retryAfterSeconds,
      reason: 'throttled',
    })
  }

  return {
    async countClient(address) {
      refuse(await count(`mail-client:${addressKey(address)}`, 'address', MAILS.perClient))
    },
    async countMaker(userID) {
      refuse(await count(`mail-maker:${userID}`, 'user', MAILS.perMaker))
    },
    async mayConcern(userID) {
      return (await count(`mail-user:${userID}`, 'user', MAILS.perUser)) === undefined
    },
    async mayReach(mailbox, purpose) {
      const key = hash('sha256', foldCase(mailbox), 'base64url')
      return (await count(`mailbox:${purpose}:${key}`, 'user', MAILS.perMailbox)) === undefined
    },
  }
}
