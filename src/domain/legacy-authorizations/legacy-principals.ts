import { createHmac, randomBytes } from 'node:crypto'
import { bounded, type SsoTokens, tokenBoundOf } from '../access/bounded-tokens.ts'
import { createFreshCache } from '../access/fresh-cache.ts'
import { compilePermissions } from '../access/permission-set.ts'
import type { Principal } from '../access/principal.ts'
import { LONGEST_KEPT_MS } from '../access/principal-keeping.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import { createTwoGenerationCache } from '../guessing/two-generation-cache.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { LegacyAuthorization, LegacyAuthorizationStore } from '../records/legacy-authorization.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import { ALONE, type Stamp, type Stamps } from '../records/stamps.ts'
import type { UserStore } from '../records/user.ts'

export interface LegacyPrincipals {
  /**
   * The principal of a 1.x name and password; undefined if no authorization has that name. Throws `unauthorized` for
   * a wrong password, and `too many requests` after too many of them.
   */
  of(name: string, password: string, address: string): Promise<Principal | undefined>
  /** To be called when something about these users was changed. */
  forget(affected: ReadonlySet<ID> | 'everybody'): void
}

interface Entry {
  readonly authorization: LegacyAuthorization
  readonly principal: Principal
  readonly passwordHash: string | undefined
  readonly validUntil: number
}

const KEPT = 10_000
/** How long a right password is remembered as such; its hash is compared with the stored one each time. */
const REMEMBERED_MS = 10 * 60_000

/**
 * A 1.x client sends its password with each request, and a hash takes tens of milliseconds, so a password that was right
 * is remembered: as an HMAC with a key that only this process has, over the stored hash as well, so that a new password
 * or a new authorization makes another one.
 */
export function createLegacyPrincipals(deps: {
  legacyAuthorizations: Pick<LegacyAuthorizationStore, 'byName' | 'passwordHashOf'>
  users: Pick<UserStore, 'byID'>
  memberships: Pick<MembershipStore, 'ofUser'>
  linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
  ssoTokens: SsoTokens
  hasher: Pick<PasswordHasher, 'verify'>
  guard: Pick<GuessGuard, 'attempt'>
  stamps: Pick<Stamps, 'read'> | undefined
  ownStamp?: (() => Stamp) | undefined
  now: Clock
}): LegacyPrincipals {
  const { legacyAuthorizations, users, hasher, guard, stamps, ownStamp = () => ALONE, now } = deps
  const key = randomBytes(32)
  const right = createTwoGenerationCache<true>(KEPT)
  const entries = createFreshCache<Entry>({
    limit: KEPT,
    userOf: ({ authorization }) => authorization.userID,
    isValid: ({ validUntil }) => validUntil > now(),
    async load(name) {
      const validUntil = stamps ? now() + LONGEST_KEPT_MS : Number.POSITIVE_INFINITY
      const authorization = await legacyAuthorizations.byName(name)
      const user = authorization && (await users.byID(authorization.userID))
      if (!user) return undefined
      const own = compilePermissions(authorization.permissions)
      const bound = await tokenBoundOf(user.id, deps)
      const permissions = bound ? bounded(own, compilePermissions(bound)) : own
      return {
        ...{ authorization, validUntil },
        passwordHash: await legacyAuthorizations.passwordHashOf(authorization.id),
        principal: {
          ...({ kind: 'token', user, permissions, lasting: permissions } as const),
          authorizationID: authorization.id,
          authorizationDescription: authorization.name,
          authorizationOrgID: authorization.orgID,
        },
      }
    },
  })

  async function entryOf(name: string): Promise<Entry | undefined> {
    if (!stamps) return entries.get(name, ownStamp())
    const userID =
      entries.peek(name)?.authorization.userID ?? (await legacyAuthorizations.byName(name))?.userID
    return userID && entries.get(name, await stamps.read(userID))
  }

  function markOf({ authorization, passwordHash }: Entry, password: string): string {
    const parts = [authorization.id, passwordHash ?? '', password].map((part) => Buffer.from(part))
    const hmac = createHmac('sha256', key)
    for (const part of parts) hmac.update(`${part.length}:`).update(part)
    return hmac.digest('base64url')
  }

  async function isRight(entry: Entry, password: string, address: string): Promise<boolean> {
    const mark = markOf(entry, password)
    if (right.get(mark)) return true
    const { id, name } = entry.authorization
    const attempt = { name: `1.x ${name}`, userID: id, address: addressKey(address), known: () => false }
    const verified = await guard.attempt(attempt, (standing) =>
      hasher.verify(Buffer.from(password), entry.passwordHash, standing),
    )
    if (verified) right.keep(mark, true, now() + REMEMBERED_MS, now())
    return verified
  }

  return {
    async of(name, password, address) {
      const entry = await entryOf(name)
      if (!entry) return undefined
      if (!(await isRight(entry, password, address))) throw unauthorized('wrong-credentials')
      const { authorization, principal } = entry
      if (authorization.status !== 'active') throw unauthorized('token-inactive')
      if (principal.user.status !== 'active') throw forbidden('user-inactive', 'User is inactive')
      return principal
    },
    forget(affected) {
      if (affected === 'everybody') entries.forgetAll()
      else for (const userID of affected) entries.forget(userID)
    },
  }
}
