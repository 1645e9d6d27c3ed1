import { addressKey } from '../base/address-key.ts'
import type { Session } from '../records/session.ts'

/** How many sessions one user may have at a time; 0 is no limit. */
export type SessionLimit = number

/** What a session was started with, and from where. */
type Client = Pick<Session, 'address' | 'userAgent'>

/** Every browser says so first; scripts and command lines do not. */
const BROWSER = /^Mozilla\//

/**
 * Which of a user's sessions must end so that `starting` may begin: those of the same client before others, those of
 * programs before those of browsers, and then those longest without use, of them the oldest. So scripts that sign in
 * for each command end each other's sessions and not that of a person, also where each one gives another user agent
 * or comes from another address. What has expired does not count. Takes the newest first, as the store lists them.
 */
export function beyondLimit(
  sessions: readonly Session[],
  limit: SessionLimit,
  starting: Client & { readonly at: number },
): Session[] {
  if (limit === 0 || sessions.length < limit) return []
  const live = sessions.filter(({ expiresAt }) => expiresAt > starting.at)
  const tooMany = live.length + 1 - limit
  if (tooMany <= 0) return []
  const clientRank = rankFor(starting)
  return live
    .toReversed()
    .sort((a, b) => clientRank(a) - clientRank(b) || a.lastUsedAt - b.lastUsedAt)
    .slice(0, tooMany)
}

/** The lower, the sooner a session ends. One client is one user agent at one address, an IPv6 one by its /64. */
function rankFor(starting: Client): (session: Client) => number {
  const network = addressKey(starting.address)
  return ({ address, userAgent }) => {
    if (userAgent === starting.userAgent && addressKey(address) === network) return 0
    return BROWSER.test(userAgent) ? 2 : 1
  }
}
