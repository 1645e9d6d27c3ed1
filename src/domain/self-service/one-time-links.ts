/** Makes, finds and uses up links that work once (ASVS 5.0 6.4.1, 6.4.3). */
import { randomBytes } from 'node:crypto'
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditKind } from '../audit/audit-kinds.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { isThrottled, unauthorized } from '../base/errors.ts'
import type { IDGenerator } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import type { Change } from '../changes.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { LinkPurpose, OneTimeLink, OneTimeLinkStore } from '../records/one-time-link.ts'

const SECRET_BYTES = 32

/**
 * Writes the address of a link for a browser: the page by the purpose, and the secret in the fragment, which browsers
 * send to no server, so that it reaches no log of a server or proxy, and no `Referer`.
 */
export type LinkAddress = (purpose: LinkPurpose, secret: string) => string

/** What happened to a link, for metrics. */
export type LinkOutcome = 'made' | 'used' | 'refused'
export type CountLink = (purpose: LinkPurpose | 'unknown', outcome: LinkOutcome) => void

type Details = Pick<OneTimeLink, 'purpose'> &
  Partial<Pick<OneTimeLink, 'userID' | 'orgID' | 'role' | 'name' | 'address' | 'createdBy'>>

export interface OneTimeLinks {
  /** A new link, not yet stored, and its address with the secret, which is kept nowhere. */
  make(details: Details, lengthMs: number): { readonly link: OneTimeLink; readonly url: string }
  /**
   * The link of that secret. Throws the same `unauthorized` for one that was used, has expired, was removed, has another
   * purpose or never was; each counts as a wrong password of the client's address.
   */
  find(
    secret: string,
    by: { readonly purpose?: LinkPurpose; readonly event: AuditKind; readonly origin: RequestOrigin },
  ): Promise<OneTimeLink>
  /** Within a change, uses a link up; throws that `unauthorized` if another request did so, or removed it, before. */
  use(change: Change, link: OneTimeLink): Promise<void>
}

export const linkInvalid = () =>
  unauthorized('link-invalid', 'this link was used, has expired or was replaced; ask for a new one')

export function createOneTimeLinks(deps: {
  oneTimeLinks: Pick<OneTimeLinkStore, 'byHash'>
  guard: Pick<GuessGuard, 'countRefusal'>
  audit: Pick<AuditTrail, 'refuse'>
  linkAddress: LinkAddress
  countLink: CountLink
  ids: IDGenerator
  now: Clock
}): OneTimeLinks {
  return {
    make(details, lengthMs) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const at = deps.now()
      const { purpose, userID, orgID, role, name, address, createdBy } = details
      const link: OneTimeLink = {
        ...{ id: deps.ids.next(), hash: hashSecret(secret), purpose, userID, orgID, role, name, address },
        ...{ createdBy, createdAt: at, expiresAt: at + lengthMs },
      }
      deps.countLink(purpose, 'made')
      return { link, url: deps.linkAddress(purpose, secret) }
    },

    async find(secret, { purpose, event, origin }) {
      const link = await deps.oneTimeLinks.byHash(hashSecret(secret))
      const isRight = link && (purpose === undefined || link.purpose === purpose)
      if (isRight && deps.now() < link.expiresAt) return link
      const refused = { event, actor: {}, target: { type: 'link' }, origin }
      await deps.guard.countRefusal(addressKey(origin.address)).catch((error) => {
        throw isThrottled(error) ? deps.audit.refuse(error, refused) : error
      })
      deps.countLink(purpose ?? link?.purpose ?? 'unknown', 'refused')
      throw deps.audit.refuse(linkInvalid(), refused)
    },

    async use(change, link) {
      if (!(await change.oneTimeLinks.take(link.id))) throw linkInvalid()
    },
  }
}
