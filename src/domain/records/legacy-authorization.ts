/** InfluxDB's 1.x authorizations: a name and a password for clients of the 1.x API (`/write` and `/query`). */
import type { ID } from '../base/id.ts'
import type { AuthorizationFilter, TokensSize } from './authorization.ts'
import type { Permission } from './permission.ts'
import type { Status } from './user.ts'

export interface LegacyAuthorization {
  readonly id: ID
  /** The 1.x user name, unique in the instance. InfluxDB calls it `token`; it is not secret. */
  readonly name: string
  readonly status: Status
  readonly description: string
  readonly orgID: ID
  readonly userID: ID
  readonly permissions: readonly Permission[]
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** Deleting a user or an organization deletes their 1.x authorizations, as it deletes their tokens. */
export interface LegacyAuthorizationStore {
  /** Adds an authorization without a password; `false` if the name is taken. */
  add(authorization: LegacyAuthorization): Promise<boolean>
  /** Replaces status, description and `updatedAt`, and nothing else. */
  update(authorization: LegacyAuthorization): Promise<void>
  remove(id: ID): Promise<boolean>
  removeOfUser(userID: ID): Promise<void>
  removeOfOrganization(orgID: ID): Promise<void>
  byID(id: ID): Promise<LegacyAuthorization | undefined>
  /** The 1.x authorizations with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<LegacyAuthorization[]>
  /** Finds the 1.x authorization with exactly this name. */
  byName(name: string): Promise<LegacyAuthorization | undefined>
  /** All that match, in id order. */
  list(filter: AuthorizationFilter): Promise<LegacyAuthorization[]>
  /** How much all of a user's 1.x authorizations take in the store. */
  sizeOfUser(userID: ID): Promise<TokensSize>
  /** argon2id or bcrypt; undefined if the authorization has no password, so that it cannot be used yet. */
  passwordHashOf(id: ID): Promise<string | undefined>
  setPasswordHash(id: ID, hash: string): Promise<void>
}
