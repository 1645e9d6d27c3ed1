/** Links to set a new password: made by who may set the password, or mailed to who asks for one at sign-in. */
import { type RightsRecords, requireRightsOf, rightsOf } from '../access/giving.ts'
import { type Caller, type RequestOrigin, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { stillHolds } from '../access/still-held.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, notFound, unprocessable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import { passwordContextOf } from '../passwords/password-context.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { OneTimeLink } from '../records/one-time-link.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { PasswordStore } from '../records/password-store.ts'
import { permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'
import type { UserEmailStore } from '../records/user-email.ts'
import type { MailLimits } from './mail-limits.ts'
import { noticeMail, resetMail } from './mails.ts'
import { type CountLink, linkInvalid, type OneTimeLinks } from './one-time-links.ts'
import type { Deliver, Outbox } from './outbox.ts'
import { requireMail } from './require-mail.ts'

export interface PasswordLinks {
  /**
   * Makes a link by which a user sets a new password, for a caller who may set it: the rules of `Passwords.set`. It
   * replaces the one before. With `mail` it goes to the user's verified address, otherwise it is returned, and shown
   * once.
   */
  create(
    caller: Caller,
    userID: ID,
    given: { readonly mail: boolean },
  ): Promise<{ readonly url: string | undefined; readonly expiresAt: number }>
  /**
   * Mails a link to every active user with a password who has that name or that verified address. It returns at once,
   * and the same whether or not there is one (ASVS 5.0 6.3.8). Throws `too many requests` if this client asked often.
   */
  forgot(nameOrAddress: string, origin: RequestOrigin): Promise<void>
  /**
   * Sets the password and ends the user's sessions. It starts none: the user signs in, with their second factor if they
   * have one. Throws `unauthorized` for a link that does not work.
   */
  reset(secret: string, password: string, origin: RequestOrigin): Promise<void>
}

/** How many users one address may lead to; people share few. */
const MOST_OF_ADDRESS = 5

export function createPasswordLinks(
  deps: RightsRecords & {
    users: Pick<UserStore, 'byID' | 'byName' | 'byIDs'>
    organizations: Pick<OrganizationStore, 'byIDs'>
    passwords: Pick<PasswordStore, 'get'>
    userEmails: Pick<UserEmailStore, 'of' | 'withAddress'>
    links: OneTimeLinks
    outbox: Pick<Outbox, 'isOn' | 'later'>
    limits: MailLimits
    lengthMs: number
    hasher: Pick<PasswordHasher, 'hash'>
    policy: Pick<PasswordPolicy, 'check'>
    freshness: Freshness
    countLink: CountLink
    changes: Changes
    now: Clock
  },
): PasswordLinks {
  const { links, outbox, limits, now } = deps

  async function verifiedAddressOf(userID: ID): Promise<string | undefined> {
    return (await deps.userEmails.of(userID))?.address
  }

  /** The users whom a mailed link may help, with the address of each. */
  async function findForgetful(typed: string): Promise<{ user: User; address: string }[]> {
    const named = await deps.users.byName(typed)
    const own = named && (await verifiedAddressOf(named.id))
    const byAddress = await deps.userEmails.withAddress(typed.trim(), MOST_OF_ADDRESS)
    const addresses = new Map(byAddress.map(({ userID, address = '' }) => [userID, address]))
    if (named && own !== undefined) addresses.set(named.id, own)
    const users = await deps.users.byIDs([...addresses.keys()])
    return users.map((user) => ({ user, address: addresses.get(user.id) ?? '' }))
  }

  async function sendTo({ id, name }: User, address: string, origin: RequestOrigin, deliver: Deliver) {
    // A user who never had a password here signs in elsewhere.
    if (!(await deps.passwords.get(id)) || !(await limits.mayConcern(id))) return
    const { link, url } = links.make({ purpose: 'reset', userID: id, address }, deps.lengthMs)
    const isStored = await deps.changes(async (change) => {
      const user = await change.users.byID(id)
      if (user?.status !== 'active' || (await change.userEmails.of(id))?.address !== address) return false
      // Earlier links stay valid: anybody may ask for a new one, and must not take another link away.
      await change.oneTimeLinks.add(link)
      change.records({ event: 'password.forgot', target: { type: 'user', id, name }, actor: {}, origin })
      return true
    })
    const { expiresAt } = link
    if (isStored) await deliver(resetMail({ to: address, url, expiresAt, name, asked: origin.address }))
  }

  /** Whether who made the link could still set the password: its user may have got more rights since. */
  async function isStillGiven(
    { createdBy }: OneTimeLink,
    userID: ID,
    records: RightsRecords & { readonly users: Pick<UserStore, 'byID'> },
  ): Promise<boolean> {
    if (createdBy === undefined || createdBy === userID) return true
    return stillHolds(createdBy, await rightsOf(userID, records, now()), records, now())
  }

  return {
    async create(caller, userID, { mail }) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      deps.freshness.require(caller, 'password.link')
      if (mail) requireMail(outbox)
      const user = await deps.users.byID(userID)
      if (!user) throw notFound('user not found')
      await requireRightsOf(caller, userID, deps, now())
      const address = mail ? await verifiedAddressOf(userID) : undefined
      if (mail) {
        if (address === undefined) throw unprocessable('this user has no verified e-mail address')
        await limits.countClient(caller.origin.address)
        await limits.countMaker(caller.principal.user.id)
      }
      const made = { purpose: 'reset', userID, address, createdBy: caller.principal.user.id } as const
      const { link, url } = links.make(made, deps.lengthMs)
      await deps.changes(async (change) => {
        const present = await change.users.byID(userID)
        if (present?.status !== 'active') throw forbidden('user-inactive', 'activate the user first')
        await requireRightsOf(caller, userID, change, now())
        await change.oneTimeLinks.removeOfUser(userID, 'reset')
        await change.oneTimeLinks.add(link)
        const target = { type: 'user', id: userID, name: present.name }
        change.records({ event: 'password.link', target, caller })
      })
      const { expiresAt } = link
      if (address === undefined) return { url, expiresAt }
      outbox.later('reset', (deliver) =>
        deliver(resetMail({ to: address, url, expiresAt, name: user.name, asked: undefined })),
      )
      return { url: undefined, expiresAt }
    },

    async forgot(typed, origin) {
      requireMail(outbox)
      await limits.countClient(origin.address)
      outbox.later('reset', async (deliver) => {
        for (const { user, address } of await findForgetful(typed)) {
          if (user.status === 'active') await sendTo(user, address, origin, deliver)
        }
      })
    },

    async reset(secret, password, origin) {
      const link = await links.find(secret, { purpose: 'reset', event: 'password.recover', origin })
      const { userID } = link
      if (userID === undefined || !(await isStillGiven(link, userID, deps))) throw linkInvalid()
      deps.policy.check(password, await passwordContextOf(userID, deps))
      const hash = await deps.hasher.hash(Buffer.from(password))
      const by = { actor: { userID }, origin }
      const changed = await deps.changes(async (change) => {
        await links.use(change, link)
        const user = await change.users.byID(userID)
        const isGiven = user?.status === 'active' && (await isStillGiven(link, userID, change))
        if (!isGiven) throw linkInvalid()
        await change.passwords.set(userID, { hash, mustChange: false })
        await change.oneTimeLinks.removeOfUser(userID, 'reset')
        await change.endsSessionsOf(userID, by)
        change.affects(userID)
        change.records({
          event: 'password.recover',
          target: { type: 'user', id: userID, name: user.name },
          ...by,
        })
        return { name: user.name, address: (await change.userEmails.of(userID))?.address }
      })
      deps.countLink('reset', 'used')
      const { name, address: to } = changed
      if (to === undefined) return
      const what = 'A new password was set by a link, and ended all sessions,'
      outbox.later('notice', (deliver) => deliver(noticeMail({ to, name, what })))
    },
  }
}
