import { setTimeout as sleep } from 'node:timers/promises'
import { addressKey } from '../base/address-key.ts'
import { foldCase } from '../base/fold-case.ts'
import type { GuessGuard, GuessVerdict, Standing } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import type { Directory, DirectoryEntry } from '../records/directory.ts'
import { canonicalName } from '../records/name-key.ts'
import type { LinkedIdentityStore, OutsideIdentity } from '../records/outside-identity.ts'
import type { PasswordStore, StoredPassword } from '../records/password-store.ts'
import type { SecondFactorStore } from '../records/second-factor.ts'
import { NO_USER, type User } from '../records/user.ts'
import type { GuardedCheck } from './guarded-check.ts'
import type { PasswordHasher } from './password-hasher.ts'

/** Whose right password it was: one of this server, or one of the directory, where `disabled` entries may be. */
export type RightPassword =
  | { readonly kind: 'local'; readonly stored: StoredPassword }
  | { readonly kind: 'directory'; readonly identity: OutsideIdentity }
  | { readonly kind: 'disabled' }

/** A `GuardedCheck` for sign-in, which also knows the passwords of a directory; undefined for a wrong one. */
export type SignInCheck = (attempt: Parameters<GuardedCheck>[0]) => Promise<RightPassword | undefined>

/** Without a directory. */
export function localCheck(rightPassword: GuardedCheck): SignInCheck {
  return async (attempt) => {
    const stored = await rightPassword(attempt)
    return stored && { kind: 'local', stored }
  }
}

/** How long a refusal takes at least, so that it does not tell whether a password is checked here or there. */
const SHORTEST_REFUSAL_MS = 250

/**
 * With a directory. A user with a password here signs in by that alone, so that no entry of the directory becomes them by
 * taking their name; a user who is linked to the directory by either. Every other name is the directory's.
 *
 * Wrong passwords count for the typed name, whose variants count together since directories take them for one, for the
 * entry that the directory finds, and for the address. A directory that gives no answer is no failure, and its
 * `unavailable` is passed on. Each name costs one hash here; every refusal takes `SHORTEST_REFUSAL_MS` or more.
 */
export function createDirectoryCheck(deps: {
  directory: Pick<Directory, 'issuer' | 'find' | 'check'>
  guard: Pick<GuessGuard, 'attempt' | 'attemptEntry'>
  known: Pick<KnownAddresses, 'isKnown'>
  passwords: Pick<PasswordStore, 'get'>
  hasher: Pick<PasswordHasher, 'verify'>
  secondFactors: Pick<SecondFactorStore, 'hasAny'>
  linkedIdentities: Pick<LinkedIdentityStore, 'find' | 'ofUser'>
}): SignInCheck {
  const { directory, guard, linkedIdentities, secondFactors } = deps

  async function withVerdict(right: RightPassword | undefined, userID = NO_USER): Promise<GuessVerdict> {
    if (!right) return false
    return (await secondFactors.hasAny(userID)) ? 'right-so-far' : true
  }

  async function userOf(subject: string) {
    const link = await linkedIdentities.find({ issuer: directory.issuer, subject })
    return link?.userID
  }

  /** The directory's answer about the entry, whether or not there is one. */
  async function ask(
    entry: DirectoryEntry | undefined,
    password: string,
  ): Promise<RightPassword | undefined> {
    const verdict = await directory.check(entry, password)
    if (verdict.kind === 'wrong') return undefined
    if (verdict.kind === 'disabled') return { kind: 'disabled' }
    return { kind: 'directory', identity: verdict.identity }
  }

  async function check(attempt: Parameters<SignInCheck>[0]): Promise<RightPassword | undefined> {
    const { user, name, address } = attempt
    const id = user?.id ?? NO_USER
    const variant = variantOf(name)
    const place = { variant, address: addressKey(address) }
    const isKnown = async (userID: User['id'] | undefined) =>
      (await deps.known.isKnown(userID ?? NO_USER, address)) && userID !== undefined
    let right: RightPassword | undefined

    async function askFor(typed: string, password: string): Promise<GuessVerdict> {
      const entry = await directory.find(typed)
      const userID = entry?.subject === undefined ? undefined : await userOf(entry.subject)
      const verify = async () => {
        right = await ask(entry, password)
        const found = right?.kind === 'directory' ? await userOf(right.identity.subject) : undefined
        return withVerdict(right, found)
      }
      // The failures of a user of this very name count already.
      if (user || !entry) return verify()
      const known = () => isKnown(userID)
      let verdict: GuessVerdict = false
      await guard.attemptEntry({ ...place, entry: entry.key, userID, known }, async () => {
        verdict = await verify()
        return verdict
      })
      return verdict
    }

    async function verify(standing: Standing): Promise<GuessVerdict> {
      const stored = await deps.passwords.get(id)
      const links = await linkedIdentities.ofUser(id)
      const isRight = await deps.hasher.verify(attempt.password, stored?.hash, standing)
      if (isRight && stored) {
        right = { kind: 'local', stored }
        return withVerdict(right, id)
      }
      if (stored && !links.some(({ issuer }) => issuer === directory.issuer)) return false
      const text = textOf(attempt.password)
      // An empty password would be an anonymous bind, which succeeds.
      return text === undefined || text === '' || text.includes('\0') ? false : askFor(name, text)
    }

    const named = { ...place, userID: user?.id, known: () => isKnown(user?.id) }
    await guard.attempt({ ...named, name: user ? canonicalName(name) : variant }, verify)
    return right
  }

  return async (attempt) => {
    const begun = performance.now()
    const right = await check(attempt)
    if (!right) await sleep(Math.max(0, SHORTEST_REFUSAL_MS - (performance.now() - begun)))
    return right
  }
}

/** Names that a directory takes for the same (RFC 4518) have the same variant. */
export function variantOf(name: string): string {
  return foldCase(canonicalName(name).replaceAll(/\s+/g, ' '))
}

function textOf(password: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(password)
  } catch {
    return undefined
  }
}
