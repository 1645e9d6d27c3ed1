import { addressKey } from '../base/address-key.ts'
import type { Session } from '../records/session.ts'

/** The most sessions that one user may have at a time; 0 for no limit. */
export type SessionLimit = number

type Client = Pick<Session, 'address' | 'userAgent'>

/** The User-Agent of every browser begins like this; those of scripts and command lines do not. */
const BROWSER = /^Mozilla\//

/**
 * The sessions that must end so that `starting` may begin: first sessions of the same client, then of other programs,
 * then of browsers; within each group the least recently used, then the oldest. So scripts that sign in for every
 * command end each other's sessions but not a person's, even if each has another user agent or address. Expired
 * sessions do not count. Expects newest first, the store's order.
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

/** Lower ranks end first. A client is one user agent at one address; of an IPv6 address only the /64 counts. */
function rankFor(starting: Client): (session: Client) => number {
  const network = addressKey(starting.address)
  return ({ address, userAgent }) => {
    if (userAgent === starting.userAgent && addressKey(address) === network) return 0
    return BROWSER.test(userAgent) ? 2 : 1
  }
}
