/** What a user has beside the password: second factors, recovery codes and application passwords. */
import type { ID } from '../base/id.ts'

export type FactorKind = 'totp' | 'passkey'

export interface SecondFactor {
  readonly id: ID
  readonly userID: ID
  readonly kind: FactorKind
  /** The name that the user gave it. */
  readonly name: string
  /** For `totp` the sealed secret, for `passkey` the public key (COSE) in URL-safe base64. */
  readonly secret: string
  /** The credential id of a passkey, in URL-safe base64. */
  readonly credentialID: string | undefined
  /** For `totp` the last accepted time step, for `passkey` its signature counter. */
  readonly counter: number
  /** Whether a passkey may be synchronized between devices, and how a browser reaches it. */
  readonly passkey: PasskeyDetails | undefined
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

export interface PasskeyDetails {
  readonly isSynchronizable: boolean
  readonly transports: readonly string[]
}

export interface SecondFactorStore {
  /** `false` if another factor has that credential id. */
  add(factor: SecondFactor): Promise<boolean>
  /** Oldest first. */
  ofUser(userID: ID): Promise<SecondFactor[]>
  /** Whether the user has a second factor. */
  hasAny(userID: ID): Promise<boolean>
  byCredential(credentialID: string): Promise<SecondFactor | undefined>
  /** Accepts a time step if no later or equal one was accepted before, atomically on all nodes; otherwise `false`. */
  acceptStep(id: ID, step: number, at: number): Promise<boolean>
  /**
   * Notes the use of a passkey with its new counter, atomically on all nodes; `false` if it was removed, or if `mustRise`
   * and the counter is not above the stored one. Authenticators that do not count always say 0, which passes.
   */
  notePasskey(
    id: ID,
    use: { readonly counter: number; readonly mustRise: boolean; readonly at: number },
  ): Promise<boolean>
  /** `false` if the user has no such factor. */
  rename(userID: ID, id: ID, name: string): Promise<boolean>
  /** `false` if the user has no such factor. */
  remove(userID: ID, id: ID): Promise<boolean>
  /** Removes the user's factors and returns their number. */
  removeOfUser(userID: ID): Promise<number>
}

/** Recovery codes by their hashes. */
export interface RecoveryCodeStore {
  replace(userID: ID, hashes: readonly string[]): Promise<void>
  /** Removes a code; `false` if there is none, so that each works once, on all nodes. */
  use(userID: ID, hash: string): Promise<boolean>
  left(userID: ID): Promise<number>
  removeOfUser(userID: ID): Promise<void>
}

/** What is kept for a user with or without factors. */
export interface FactorHolderStore {
  /** How many sign-ins the user made without a required factor. */
  graceUsed(userID: ID): Promise<number>
  /** Counts one more, and returns how many there are now. */
  countGrace(userID: ID): Promise<number>
  /** Makes it more than any setting allows. */
  endGrace(userID: ID): Promise<void>
  /** The random WebAuthn user handle, URL-safe base64; `made` is stored if there is none. */
  handle(userID: ID, made: string): Promise<string>
  /** The same; undefined if there is none. */
  handleOf(userID: ID): Promise<string | undefined>
  /** Gives everything that a user has here and in the stores of factors, codes and passwords to another id. */
  reassign(from: ID, to: ID): Promise<void>
  /** Removes the same. */
  removeOfUser(userID: ID): Promise<void>
}

/** `use`: read and write data; `read`: only read. */
export type ApplicationAccess = 'use' | 'read'

/** A password that a client uses in place of the user's own, with fewer rights. */
export interface ApplicationPassword {
  readonly id: ID
  readonly userID: ID
  readonly name: string
  readonly hash: string
  readonly access: ApplicationAccess
  readonly createdAt: number
  /** Undefined if it does not expire. */
  readonly expiresAt: number | undefined
  readonly lastUsedAt: number | undefined
}

export interface ApplicationPasswordStore {
  add(password: ApplicationPassword): Promise<void>
  /** Oldest first. */
  ofUser(userID: ID): Promise<ApplicationPassword[]>
  find(userID: ID, hash: string): Promise<ApplicationPassword | undefined>
  noteUse(id: ID, at: number): Promise<void>
  /** `false` if the user has no such password. */
  remove(userID: ID, id: ID): Promise<boolean>
  removeOfUser(userID: ID): Promise<void>
}

/** WebAuthn challenges that were answered, until they would expire anyway. */
export interface SpentChallengeStore {
  /** `false` if it was spent before, on any node. */
  spend(hash: string, until: number): Promise<boolean>
  removeBefore(time: number): Promise<void>
}

/** Whom an organization requires to have a second factor. */
export type RequiredFor = 'nobody' | 'owners' | 'members'

export interface SecondFactorPolicyStore {
  /** The organizations among these that require a second factor, and of whom. */
  ofOrganizations(orgIDs: readonly ID[]): Promise<ReadonlyMap<ID, RequiredFor>>
  set(orgID: ID, requiredFor: RequiredFor): Promise<void>
  remove(orgID: ID): Promise<void>
}

/** The key that seals secrets if the settings name none. */
export interface SecondFactorKeyStore {
  /** 32 random bytes, the same for all nodes; created on first use. */
  get(): Promise<Uint8Array>
}
