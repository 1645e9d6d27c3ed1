/** Who a user is outside: at an OpenID provider or in a directory. */
import type { ID } from '../base/id.ts'

/** A person whom a provider or a directory has just authenticated, with every signature and secret already checked. */
export interface OutsideIdentity {
  /** The provider's name in the settings, such as `corp`. It may change; `issuer` and `subject` say who it is. */
  readonly provider: string
  /** The issuer exactly as the provider writes `iss` (OpenID Connect Core 1.0); for a directory its name in Sluice. */
  readonly issuer: string
  /** Never given to another person (`sub`); of a directory the entryUUID or objectGUID. */
  readonly subject: string
  /** Names for a new user, the best first. They never find an existing user. */
  readonly names: readonly string[]
  readonly email?: { readonly address: string; readonly isVerified: boolean } | undefined
  readonly groups: readonly string[]
  /** Everything that the provider said, for `allowed-claims`. */
  readonly claims: Readonly<Record<string, unknown>>
  /** When the person authenticated there (`auth_time`): milliseconds since 1970; undefined if the provider does not say. */
  readonly authenticatedAt?: number | undefined
  /** How the person authenticated there (`amr`, RFC 8176); undefined if the provider does not say. */
  readonly methods?: readonly string[] | undefined
}

/** An outside identity that leads to a user. */
export interface LinkedIdentity {
  readonly id: ID
  readonly userID: ID
  readonly issuer: string
  readonly subject: string
  /** The provider's name at the last sign-in, or at linking. */
  readonly provider: string
  /** The person's name there at the last sign-in; empty if they have not signed in. */
  readonly nameThere: string
  /** Milliseconds since 1970, like all times here. */
  readonly linkedAt: number
  /** Who linked it; undefined if the first sign-in made the user. */
  readonly linkedBy: ID | undefined
  readonly lastSignInAt: number | undefined
  /** What the way of signing in keeps for later, such as a sealed refresh token. */
  readonly data: string | undefined
}

/** The two texts that say who somebody is. */
export type OutsideKey = Pick<LinkedIdentity, 'issuer' | 'subject'>

export interface LinkedIdentityStore {
  /** `false` if this identity is linked already, or if the user has another one of this issuer. */
  add(identity: LinkedIdentity): Promise<boolean>
  find(key: OutsideKey): Promise<LinkedIdentity | undefined>
  /** In the order of linking. */
  ofUser(userID: ID): Promise<LinkedIdentity[]>
  hasAny(userID: ID): Promise<boolean>
  /** The users among these who have an identity. */
  among(userIDs: readonly ID[]): Promise<ReadonlySet<ID>>
  /** Ordered by subject, those after `after`. */
  ofIssuer(
    issuer: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<LinkedIdentity[]>
  countOfIssuer(issuer: string): Promise<number>
  /** All issuers that any identity has, in order. */
  issuers(): Promise<string[]>
  noteSignIn(
    key: OutsideKey,
    seen: Pick<LinkedIdentity, 'provider' | 'nameThere'> & { at: number },
  ): Promise<void>
  /** Replaces `data`; undefined forgets it. */
  setData(key: OutsideKey, data: string | undefined): Promise<void>
  /** `false` if the user has no such identity. */
  remove(userID: ID, id: ID): Promise<boolean>
  removeOfUser(userID: ID): Promise<void>
  /** Gives all identities of a user to another id, with what providers give and the notes of switched-off tokens. */
  reassign(from: ID, to: ID): Promise<void>
}

export type SwitchableKind = 'authorization' | 'legacy-authorization' | 'application-password'

/** A token that was disabled because its user is gone from the provider or the directory. */
export interface SwitchedOffToken {
  readonly id: ID
  readonly kind: SwitchableKind
  readonly userID: ID
  readonly at: number
  /** A short text such as `signed out at corp`. */
  readonly reason: string
}

export interface SwitchedOffTokenStore {
  /** Notes it, in place of an earlier note. */
  add(token: SwitchedOffToken): Promise<void>
  /** Oldest first. */
  ofUser(userID: ID): Promise<SwitchedOffToken[]>
  has(id: ID): Promise<boolean>
  removeOfUser(userID: ID): Promise<void>
}
