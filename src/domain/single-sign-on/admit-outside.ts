/** Which user an outside identity is, and whether the rules let them in. */

import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, forbidden, type SluiceError } from '../base/errors.ts'
import { foldCase } from '../base/fold-case.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { LONGEST_NAME } from '../base/limits.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { canonicalName } from '../records/name-key.ts'
import type { LinkedIdentity, LinkedIdentityStore, OutsideIdentity } from '../records/outside-identity.ts'
import type { User, UserStore } from '../records/user.ts'
import { isAllowed, type ProviderRules } from './provider-rules.ts'

/**
 * The user of a verified identity: that of the link with this issuer and subject, else a new one if the rules allow
 * sign-up. A user is never found by name or e-mail, which people can change at many providers (CVE-2022-31107,
 * CVE-2023-3128). Throws `forbidden` if the rules do not let the person in, and `conflict` for a name that another user
 * has.
 */
export type AdmitOutside = (
  identity: OutsideIdentity,
  rules: ProviderRules,
  origin: RequestOrigin,
) => Promise<User>

const MOST_OF_KEY = 255

export function createAdmitOutside(deps: {
  linkedIdentities: Pick<LinkedIdentityStore, 'find'>
  users: Pick<UserStore, 'byID' | 'byName'>
  mirror: Mirror
  ids: IDGenerator
  now: Clock
}): AdmitOutside {
  const { linkedIdentities, users, mirror, ids, now } = deps

  async function userOf(identity: OutsideIdentity): Promise<User | undefined> {
    const link = await linkedIdentities.find(identity)
    return link && users.byID(link.userID)
  }

  async function create(identity: OutsideIdentity, origin: RequestOrigin): Promise<User> {
    const name = usableName(identity.names)
    if (name === undefined) {
      throw forbidden('outside-no-name', 'the provider gave no name that a user can have')
    }
    // People would take one for the other, so a name in another case is taken too.
    if (await users.byName(foldCase(name))) throw nameTaken(name)
    return mirror.create({
      alone: () => ids.next(),
      async here(change, id: ID) {
        const user: User = { id, name, status: 'active' }
        if (!(await change.users.add(user))) throw nameTaken(name)
        if (
          !(await change.linkedIdentities.add(newLink(identity, { id: ids.next(), userID: id, at: now() })))
        ) {
          throw linkedMeanwhile()
        }
        const by = { actor: { userID: id }, origin }
        const target = { type: 'user', id, name }
        change.records({ event: 'user.create', target, ...by })
        change.records({
          event: 'identity.link',
          target: { ...target, type: 'identity', name: identity.provider, userID: id, userName: name },
          ...by,
        })
        return user
      },
      there: (upstream, user) => upstream.createUser(user),
      isKept: async (id) => (await users.byID(id)) !== undefined,
      undo: (upstream, id) => upstream.removeUser(id),
    })
  }

  return async (identity, rules, origin) => {
    requireKey(identity)
    if (!isAllowed(rules, identity)) throw notAllowed()
    const known = await userOf(identity)
    if (known) return known
    if (!rules.signUp) throw notAllowed()
    try {
      return await create(identity, origin)
    } catch (error) {
      // Two first sign-ins of one person may run at the same time.
      const made = await userOf(identity)
      if (made) return made
      throw error
    }
  }
}

/** An identity to add to a user. */
export function newLink(
  {
    issuer,
    subject,
    provider,
    names = [],
  }: Pick<OutsideIdentity, 'issuer' | 'subject' | 'provider'> & Partial<Pick<OutsideIdentity, 'names'>>,
  { id, userID, at, by }: { id: ID; userID: ID; at: number; by?: ID | undefined },
): LinkedIdentity {
  return {
    ...{ id, userID, issuer, subject, provider, nameThere: nameThere(names) },
    ...{ linkedAt: at, linkedBy: by, lastSignInAt: undefined, data: undefined },
  }
}

/** What is shown of the person's name at the provider. */
export function nameThere(names: readonly string[]): string {
  return usableName(names) ?? ''
}

/** Throws `forbidden` for an issuer or a subject that is blank, too long, or has control characters. */
export function requireKey({ issuer, subject }: Pick<OutsideIdentity, 'issuer' | 'subject'>): void {
  if (isKey(issuer) && isKey(subject)) return
  throw forbidden('outside-not-allowed', 'the provider does not say who this is')
}

export function isKey(text: string): boolean {
  return text.trim() !== '' && Buffer.byteLength(text) <= MOST_OF_KEY && !/\p{Cc}/u.test(text)
}

/** The first name that shows something, without control characters and not too long. */
function usableName(names: readonly string[]): string | undefined {
  return names
    .map((name) => name.normalize('NFC').trim())
    .find(
      (name) =>
        canonicalName(name) !== '' && !/\p{Cc}/u.test(name) && Buffer.byteLength(name) <= LONGEST_NAME,
    )
}

const notAllowed = (): SluiceError =>
  forbidden('outside-not-allowed', 'your account at the provider may not sign in here; ask an operator')
const nameTaken = (name: string): SluiceError =>
  conflict('name-taken', `another user has the name ${name}; ask an operator to link your account to a user`)
const linkedMeanwhile = (): SluiceError =>
  conflict('identity-taken', 'the identity was linked at the same moment; sign in again')
