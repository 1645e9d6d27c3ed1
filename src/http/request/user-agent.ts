/** The client's user agent, for logs. */
import type { IncomingHttpHeaders } from 'node:http'

/** The header `User-Agent`, shortened; empty without one. */
export function userAgentOf(headers: IncomingHttpHeaders): string {
  return shortened(headers['user-agent'] ?? '')
}

/** Longer than any browser's. A longer one would only fill the store. */
const LONGEST_USER_AGENT = 256

/** A copy, since a part of a text would keep all of it in memory for as long as a session lives. */
function shortened(userAgent: string): string {
  if (userAgent.length <= LONGEST_USER_AGENT) return userAgent
  return Buffer.from(userAgent.slice(0, LONGEST_USER_AGENT), 'latin1').toString('latin1')
}
