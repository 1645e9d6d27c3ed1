/** Who acts: a user, by a session or by a token, and what it may do. */
import { SluiceError, unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import { formatPermission, type Permission } from '../permissions/permission.ts'
import type { PermissionSet } from '../permissions/permission-set.ts'
import type { User } from '../users/user.ts'

export interface Principal {
  readonly kind: 'session' | 'token'
  readonly user: User
  readonly permissions: PermissionSet
  /** Set where everything that the principal lists or reaches lies in one organization. */
  readonly confinedTo?: Id
}

/** Where a request comes from, for logs. */
export interface RequestOrigin {
  readonly requestID: string
  readonly address: string
  readonly userAgent: string
  readonly traceID?: string | undefined
}

export interface Caller {
  readonly principal: Principal
  readonly origin: RequestOrigin
}

export function may({ permissions }: Principal, wanted: Permission): boolean {
  return permissions.allows(wanted)
}

/** Throws `unauthorized`, naming the permission that is missing, as InfluxDB does. */
export function requirePermission(principal: Principal, wanted: Permission): void {
  if (!may(principal, wanted)) throw unauthorized(`${formatPermission(wanted)} is unauthorized`)
}

/** Every permission that a principal hands on it must have itself; else `forbidden`. */
export function requireHandedOn(principal: Principal, handedOn: readonly Permission[]): void {
  for (const each of handedOn) {
    if (!may(principal, each)) {
      const name = formatPermission(each)
      throw new SluiceError('forbidden', `permission ${name} is not allowed: ${name} is unauthorized`)
    }
  }
}
