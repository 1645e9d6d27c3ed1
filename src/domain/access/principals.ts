/** Who a request comes from: the principal of its session or token, compiled once. */
import { forbidden, SluiceError, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret, storedTokenHashes } from '../base/secrets.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import { isApplicationMethod, type Session } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore } from '../records/session-ends.ts'
import { ALONE, type Stamp, type Stamps } from '../records/stamps.ts'
import { limitedToData } from './limited-to-data.ts'
import type { Principal } from './principal.ts'
import { createTokenEntries, type TokenEntry, type TokenEntryDeps } from './token-entries.ts'
import { createUserEntries, type UserEntry, type UserEntryDeps, userEntryKey } from './user-entries.ts'

export interface Principals {
  /**
   * The principal of a session, with what its user may do now, in all organizations or confined to one. Undefined if
   * the user was deleted, or if the database has recorded that the session ended.
   *
   * @param stamp of the user, as it was read after the request began
   */
  ofSession(session: Session, stamp: Stamp): MaybePromise<Principal | undefined>
  /** The principal of a token. Throws `unauthorized` or `forbidden` if the token gives no access. */
  ofToken(token: string): MaybePromise<Principal>
  /** Call it for every user whose record, memberships or tokens changed. */
  forget(userID: ID): void
  /** Call it after a change that affects all users. */
  forgetAll(): void
}

/** Compiles principals once, and caches them until something on which they depend changes. */
export function createPrincipals(
  deps: UserEntryDeps &
    TokenEntryDeps & {
      authorizations: Pick<AuthorizationStore, 'markExpired'>
      sessionEnds: Pick<SessionEndStore, 'has'>
      /** Called for every use of a token; must cost next to nothing. */
      noteUse: (authorizationID: ID, at: number) => void
      /**
       * Without `stamps`: the one stamp for everything that this process caches, which changes when a command such as
       * `recovery` changes the data.
       */
      ownStamp?: (() => Stamp) | undefined
    },
): Principals {
  const { ownStamp = () => ALONE } = deps
  const users = createUserEntries(deps)
  const tokens = createTokenEntries(deps)

  return {
    ofSession(session, stamp) {
      const entry = users.get(userEntryKey(session.userID, session.orgID), stamp)
      return andThen(entry, (found) => alive(session, found))
    },
    ofToken(token) {
      const secretHash = hashSecret(token)
      if (deps.stamps) return stampedToken(token, secretHash, deps.stamps).then(usable)
      return andThen(tokens.get(secretHash, ownStamp(), token), usable)
    },
    forget(userID) {
      users.forget(userID)
      tokens.forget(userID)
    },
    forgetAll() {
      users.forgetAll()
      tokens.forgetAll()
    },
  }

  function alive(session: Session, entry: UserEntry | undefined): MaybePromise<Principal | undefined> {
    if (!entry || isOfEarlierGeneration(session, entry.sessionEnds)) return undefined
    const { keyHash } = session
    if (entry.live.has(keyHash)) return principalOf(session, entry)
    return deps.sessionEnds.has(keyHash).then((ended) => {
      if (ended) return undefined
      entry.live.add(keyHash)
      return principalOf(session, entry)
    })
  }

  function principalOf({ method }: Session, { principal }: UserEntry): Principal {
    return isApplicationMethod(method) ? limitedToData(principal, method) : principal
  }

  /** The stamp is that of the token's user, so a token that is not cached is looked up first. */
  async function stampedToken(token: string, secretHash: string, stamps: Pick<Stamps, 'read'>) {
    const kept = tokens.peek(secretHash)?.authorization
    const { userID } = kept ?? (await deps.authorizations.byHash(...storedTokenHashes(token))) ?? {}
    return userID && tokens.get(secretHash, await stampOrNone(stamps, userID), token)
  }

  /** A token that was reported expired stays expired, even if the clock is set back. */
  function isOver(entry: TokenEntry, at: number, refusal: SluiceError): Promise<never> {
    const { id, userID, expired } = entry.authorization
    if (expired) throw refusal
    return deps.authorizations.markExpired(new Date(at).toISOString(), id).then(() => {
      tokens.forget(userID)
      throw refusal
    })
  }

  function usable(entry: TokenEntry | undefined): MaybePromise<Principal> {
    const at = deps.now()
    if (!entry) throw unauthorized('unknown-token')
    if (entry.plainUntil > at) return used(entry, at)
    if (entry.worksUntil <= at) return isOver(entry, at, unauthorized('unknown-token'))
    const { authorization, principal } = entry
    if (authorization.status === 'inactive') throw unauthorized('token-inactive', 'token is inactive')
    if (entry.expiresAt <= at) return isOver(entry, at, unauthorized('token-expired', 'token is expired'))
    if (principal.user.status === 'inactive') throw forbidden('user-inactive', 'User is inactive')
    return used(entry, at)
  }

  function used({ principal }: TokenEntry, at: number): Principal {
    if (principal.authorizationID) deps.noteUse(principal.authorizationID, at)
    return principal
  }
}

/** If stamps cannot be read, requests by token do not use the cache and read the database. */
async function stampOrNone(stamps: Pick<Stamps, 'read'>, userID: ID): Promise<Stamp> {
  try {
    return await stamps.read(userID)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'unavailable') return null
    throw error
  }
}
