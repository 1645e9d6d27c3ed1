/** An authorization is what InfluxDB calls the record of a token. */
import type { Id } from '../base/id.ts'
import type { Permission } from './permission.ts'
import type { Status } from './user.ts'

export interface Authorization {
  readonly id: Id
  /** `$influxdb2-sha256$` and the URL-safe base64 of the token's SHA-256; the token itself is never kept. */
  readonly hashedToken: string
  readonly status: Status
  readonly description: string
  readonly orgID: Id
  readonly userID: Id
  readonly permissions: readonly Permission[]
  readonly createdAt: string
  readonly updatedAt: string
  /** RFC 3339, UTC; undefined where it never ends. */
  readonly expiresAt?: string | undefined
  /** Whether it was found to be over: then it is, whatever a clock says of its end. */
  readonly expired?: true
  readonly lastUsedAt?: string | undefined
  /** The hash of the token before the last rotation, and until when that still works. */
  readonly previous?: { readonly hashedToken: string; readonly until: string } | undefined
}

export interface AuthorizationFilter {
  readonly userID?: Id | undefined
  readonly orgID?: Id | undefined
}

export interface AuthorizationStore {
  /** Adds an authorization; `false` when there is one with the same token. */
  add(authorization: Authorization): Promise<boolean>
  /** Replaces its status, description, hashes and time of change, nothing else. */
  update(authorization: Authorization): Promise<void>
  remove(id: Id): Promise<boolean>
  removeOfUser(userID: Id): Promise<void>
  removeOfOrganization(orgID: Id): Promise<void>
  byId(id: Id): Promise<Authorization | undefined>
  /** Those of these ids that exist, in any order. */
  byIds(ids: readonly Id[]): Promise<Authorization[]>
  /** By its token's hash, or by that of the token before the last rotation, whether that still works or not. */
  byHash(hashedToken: string): Promise<Authorization | undefined>
  /**
   * Notes for good which tokens have ended by then (RFC 3339, UTC), and forgets secrets whose grace is over: of all
   * authorizations, or of one.
   */
  markExpired(at: string, id?: Id): Promise<void>
  /** Notes when tokens were last used. */
  noteUse(uses: readonly { readonly id: Id; readonly at: string }[]): Promise<void>
  /** All that match, in id order. */
  list(filter: AuthorizationFilter): Promise<Authorization[]>
  /** How much the permissions of all of a user's tokens take in the store, as the number of characters of JSON. */
  permissionsLengthOf(userID: Id): Promise<number>
  /** The ids of the users who have a token in this organization, each once. */
  usersOfOrganization(orgID: Id): Promise<Id[]>
}
