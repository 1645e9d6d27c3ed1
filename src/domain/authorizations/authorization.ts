/** An authorization is what InfluxDB calls the record of a token. */
import type { Id } from '../id.ts'
import type { Permission } from '../permissions/permission.ts'
import type { Status } from '../users/user.ts'

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
}

export interface AuthorizationFilter {
  readonly userID?: Id | undefined
  readonly orgID?: Id | undefined
}

export interface AuthorizationStore {
  /** Adds an authorization; `false` when there is one with the same token. */
  add(authorization: Authorization): Promise<boolean>
  /** Replaces status, description and time of change. */
  update(authorization: Authorization): Promise<void>
  remove(id: Id): Promise<boolean>
  removeOfUser(userID: Id): Promise<void>
  removeOfOrganization(orgID: Id): Promise<void>
  byId(id: Id): Promise<Authorization | undefined>
  byHash(hashedToken: string): Promise<Authorization | undefined>
  /** All that match, in id order. */
  list(filter: AuthorizationFilter): Promise<Authorization[]>
  /** The ids of the users who have a token in this organization, each once. */
  usersOfOrganization(orgID: Id): Promise<Id[]>
}
