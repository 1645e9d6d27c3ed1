/** Looks the users of a directory up again from time to time, since a directory does not report who is gone. */
import type { RequestOrigin } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Changes } from '../changes.ts'
import type { Directory } from '../records/directory.ts'
import type { LinkedIdentity, LinkedIdentityStore, OutsideIdentity } from '../records/outside-identity.ts'
import type { EndOutside, EndReason } from './end-outside.ts'
import { linksOfIssuer } from './links-of-issuer.ts'
import type { ProvideMemberships } from './provide-memberships.ts'
import { isAllowed, type ProviderRules } from './provider-rules.ts'

export interface DirectoryRecheck {
  /** Runs once; returns how many users are newly gone, or undefined if nothing was changed for whatever reason. */
  run(): Promise<number | undefined>
}

/** More than both of these gone at once are a wrong base or filter rather than people who left. */
const MOST_AT_ONCE = 5
const MOST_SHARE = 0.2

/** What is kept with the identity of somebody who is gone, so that the sessions and tokens of one leaver end once. */
const GONE = 'gone'

/** The origin of changes that no request asked for. */
const ORIGIN: RequestOrigin = { requestID: 'directory-recheck', address: '', userAgent: '' }

/**
 * Sessions of users who are gone, disabled or no longer let in end, and their tokens are disabled by the
 * settings, once for each time that they are gone. For all others the groups are taken over. Nothing changes if the
 * directory gives no answer, or if too many are gone at once. It can run on several nodes at the same time.
 */
export function createDirectoryRecheck(deps: {
  directory: Pick<Directory, 'issuer' | 'lookUp'>
  rules: ProviderRules
  linkedIdentities: Pick<LinkedIdentityStore, 'ofIssuer'>
  endOutside: EndOutside
  provideMemberships: ProvideMemberships
  changes: Changes
  log: Log
}): DirectoryRecheck {
  const { directory, rules, log } = deps

  function endReasonOf(found: OutsideIdentity | 'disabled' | undefined): EndReason | undefined {
    if (found === undefined || found === 'disabled') return 'gone'
    return isAllowed(rules, found) ? undefined : 'not-allowed'
  }

  async function mark(link: LinkedIdentity, data: string | undefined): Promise<void> {
    await deps.changes(async (change) => {
      const present = await change.linkedIdentities.find(link)
      if (present && present.data === link.data) await change.linkedIdentities.setData(link, data)
    })
  }

  async function run(): Promise<number | undefined> {
    const links = await Array.fromAsync(linksOfIssuer(deps.linkedIdentities, directory.issuer))
    if (links.length === 0) return 0
    const seen = await directory.lookUp(links.map(({ subject }) => subject))
    if (!seen) return undefined
    const judged = links.map((link) => {
      const found = seen.get(link.subject)
      return { link, found, reason: endReasonOf(found) }
    })
    const here = judged.filter(({ link }) => link.data !== GONE)
    const leaving = here.filter(({ reason }) => reason !== undefined)
    if (leaving.length > MOST_AT_ONCE && leaving.length > here.length * MOST_SHARE) {
      log.warn('too many users are gone from the directory at once, so nothing is changed', {
        ...{ gone: leaving.length, of: here.length },
        advice:
          'check ldap-base-dn, ldap-user-filter and ldap-allowed-groups; deactivate users who have left',
      })
      return undefined
    }
    for (const { link, reason } of leaving) {
      await deps.endOutside({ identity: link }, reason ?? 'gone')
      // Afterwards, so that a crash between the two only ends them twice.
      await mark(link, GONE)
      log.info('a user is gone from the directory', { userID: link.userID, reason })
    }
    for (const { link, found, reason } of judged) {
      if (reason !== undefined || found === undefined || found === 'disabled') continue
      if (link.data === GONE) await mark(link, undefined)
      await takeOver(link.userID, found)
    }
    return leaving.length
  }

  /** One user whose change is refused, such as by an InfluxDB that is away, holds up no other. */
  async function takeOver(userID: ID, found: OutsideIdentity): Promise<void> {
    try {
      await deps.provideMemberships(userID, found, rules, ORIGIN)
    } catch (error) {
      log.warn('the groups of a user of the directory cannot be taken over', { userID, cause: String(error) })
    }
  }

  return {
    async run() {
      try {
        return await run()
      } catch (error) {
        log.warn('the users of the directory cannot be looked up again', { cause: String(error) })
        return undefined
      }
    },
  }
}
