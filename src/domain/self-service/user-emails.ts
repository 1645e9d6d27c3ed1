/** The e-mail addresses of users: set, verified by a link, and removed. */
import { type RightsRecords, requireRightsOf } from '../access/giving.ts'
import { type Caller, type Principal, type RequestOrigin, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { Clock } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import { permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'
import type { UserEmail, UserEmailStore } from '../records/user-email.ts'
import { parseEmailAddress } from './email-address.ts'
import type { MailLimits } from './mail-limits.ts'
import { noticeMail, verificationMail } from './mails.ts'
import { type CountLink, linkInvalid, type OneTimeLinks } from './one-time-links.ts'
import type { Outbox } from './outbox.ts'
import { requireMail } from './require-mail.ts'

export interface UserEmails {
  /** `not found` if the user has none. */
  get(principal: Principal, userID: ID): Promise<UserEmail>
  /**
   * Sets an address to be verified, and mails the link to it; until it is verified it gets nothing else, and a verified
   * one stays. As a reader of the mail can set the password, the caller must hold all of the user's permissions,
   * and needs a recent sign-in.
   */
  set(caller: Caller, userID: ID, address: string): Promise<UserEmail>
  /** Removes the address, verified or not, by the same rules; `not found` if there is none. */
  remove(caller: Caller, userID: ID): Promise<void>
  /** Verifies an address by its link; throws `unauthorized` for one that does not work. */
  verify(secret: string, origin: RequestOrigin): Promise<void>
}

const VERIFY_WITHIN_MS = 24 * 3600_000

export function createUserEmails(
  deps: RightsRecords & {
    users: Pick<UserStore, 'byID'>
    userEmails: Pick<UserEmailStore, 'of'>
    links: OneTimeLinks
    outbox: Pick<Outbox, 'isOn' | 'later'>
    limits: Pick<MailLimits, 'countClient' | 'countMaker'>
    freshness: Freshness
    countLink: CountLink
    changes: Changes
    now: Clock
  },
): UserEmails {
  const { links, outbox, limits, now } = deps

  async function requireMayChange(caller: Caller, userID: ID): Promise<void> {
    requirePermission(caller.principal, permission('write', 'users', { id: userID }))
    deps.freshness.require(caller, 'email.set')
    await requireRightsOf(caller, userID, deps, now())
  }

  async function theUser(change: Change, userID: ID): Promise<User> {
    const user = await change.users.byID(userID)
    if (!user) throw notFound('user not found')
    return user
  }

  /** Tells an address that it lost its user, who may not have wanted that. */
  function tellFormer(to: string | undefined, name: string, what: string): void {
    if (to !== undefined) outbox.later('notice', (deliver) => deliver(noticeMail({ to, name, what })))
  }

  return {
    async get(principal, userID) {
      requirePermission(principal, permission('read', 'users', { id: userID }))
      const found = await deps.userEmails.of(userID)
      if (!found) throw notFound('this user has no e-mail address')
      return found
    },

    async set(caller, userID, given) {
      await requireMayChange(caller, userID)
      requireMail(outbox)
      const address = parseEmailAddress(given)
      await limits.countClient(caller.origin.address)
      await limits.countMaker(caller.principal.user.id)
      const made = { purpose: 'email', userID, address, createdBy: caller.principal.user.id } as const
      const { link, url } = links.make(made, VERIFY_WITHIN_MS)
      const { user, email } = await deps.changes(async (change) => {
        const user = await theUser(change, userID)
        await requireRightsOf(caller, userID, change, now())
        const before = await change.userEmails.of(userID)
        const verified = { address: before?.address, verifiedAt: before?.verifiedAt }
        const email: UserEmail = { userID, ...verified, pending: address }
        await change.userEmails.set(email)
        await change.oneTimeLinks.removeOfUser(userID, 'email')
        await change.oneTimeLinks.add(link)
        change.records({ event: 'email.set', target: { type: 'user', id: userID, name: user.name }, caller })
        return { user, email }
      })
      const { expiresAt } = link
      outbox.later('email', (deliver) =>
        deliver(verificationMail({ to: address, url, expiresAt, name: user.name })),
      )
      return email
    },

    async remove(caller, userID) {
      await requireMayChange(caller, userID)
      const { name, former } = await deps.changes(async (change) => {
        const { name } = await theUser(change, userID)
        await requireRightsOf(caller, userID, change, now())
        const former = (await change.userEmails.of(userID))?.address
        if (!(await change.userEmails.remove(userID))) throw notFound('this user has no e-mail address')
        await change.oneTimeLinks.removeOfUser(userID, 'email')
        // A mailed link must not outlive the address.
        await change.oneTimeLinks.removeOfUser(userID, 'reset')
        change.records({ event: 'email.remove', target: { type: 'user', id: userID, name }, caller })
        return { name, former }
      })
      tellFormer(former, name, 'This e-mail address was removed from the account')
    },

    async verify(secret, origin) {
      const link = await links.find(secret, { purpose: 'email', event: 'email.verify', origin })
      const { userID, address } = link
      if (userID === undefined || address === undefined) throw linkInvalid()
      const { name, former } = await deps.changes(async (change) => {
        await links.use(change, link)
        const user = await change.users.byID(userID)
        const before = await change.userEmails.of(userID)
        if (!user || before?.pending !== address) throw linkInvalid()
        await change.userEmails.set({ userID, address, verifiedAt: now(), pending: undefined })
        await change.oneTimeLinks.removeOfUser(userID, 'reset')
        const target = { type: 'user', id: userID, name: user.name }
        change.records({ event: 'email.verify', target, actor: { userID }, origin })
        const isSame = before.address !== undefined && foldCase(before.address) === foldCase(address)
        return { name: user.name, former: isSame ? undefined : before.address }
      })
      deps.countLink('email', 'used')
      tellFormer(former, name, 'Another e-mail address replaced this one in the account')
    },
  }
}
