/** The principal of a request: the user who acts, by a session or a token, and the permissions. */
import { forbidden, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import {
  type Action,
  formatPermission,
  type Permission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../records/permission.ts'
import type { Session } from '../records/session.ts'
import type { User } from '../records/user.ts'
import type { PermissionSet } from './permission-set.ts'

/** The id of the user of a principal that has none. No record has it, and no permission of such a principal names it. */
export const NOBODY_ID = 'ffffffffffffffff' as ID

/** The subject of an outside issuer's token, which acts without a user. */
export interface ExternalSubject {
  /** The name of the issuer in the settings. */
  readonly issuer: string
  readonly subject: string
}

export interface Principal {
  readonly kind: 'session' | 'token'
  /** For a principal with `external` there is no record: the id is `NOBODY_ID`, and the name says who acts. */
  readonly user: User
  readonly external?: ExternalSubject | undefined
  readonly permissions: PermissionSet
  /** The permissions that do not expire, so without those that a session inherits from expiring tokens. */
  readonly lasting: PermissionSet
  /** The one organization to which the principal is confined; undefined if it is not confined. */
  readonly confinedTo?: ID
  /** The token by which it acts; undefined for a session. */
  readonly authorizationID?: ID
  /** The description and organization of that token, for the audit log. */
  readonly authorizationDescription?: string
  readonly authorizationOrgID?: ID
  /** When the first of the other permissions expires: milliseconds since 1970; undefined if none does. */
  readonly endsAt?: number
  /** Whether the user must change the password before anything else. */
  readonly mustChangePassword?: boolean
  /** Whether the user has a second factor. */
  readonly hasSecondFactor?: boolean
  /** Whether the user must enrol a second factor before anything else. */
  readonly mustEnrol?: boolean
}

/** The id of the principal's user; undefined if it has none. */
export function userIDOf({ external, user }: Pick<Principal, 'external' | 'user'>): ID | undefined {
  return external ? undefined : user.id
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
  /** The session by which it acts; undefined for a token. */
  readonly session?:
    | (Pick<Session, 'keyHash' | 'authenticatedAt' | 'level' | 'method'> & Partial<Pick<Session, 'outside'>>)
    | undefined
  readonly origin: RequestOrigin
}

export function may({ permissions }: Pick<Principal, 'permissions'>, wanted: Permission): boolean {
  return permissions.allows(wanted)
}

/** Throws `unauthorized`, naming the permission that is missing, as InfluxDB does. */
export function requirePermission(principal: Principal, wanted: Permission): void {
  if (may(principal, wanted)) return
  throw unauthorized('missing-permission', `${formatPermission(wanted)} is unauthorized`, {
    orgID: organizationIn(wanted),
  })
}

/** The organization that a permission is about; undefined if it names none. */
export function organizationIn({ resource: { type, id, orgID } }: Permission): ID | undefined {
  return type === 'orgs' ? (id ?? orgID) : orgID
}

/** The organization in which a resource lies; undefined for organizations, users and what is not known. */
export type OrganizationOf = (resource: {
  type: ResourceType
  id: ID
  orgID: ID | undefined
}) => ID | undefined

/**
 * Throws `forbidden` unless the principal itself holds every permission that it hands on with a token. (The real
 * server compares only the text of permissions: there the owner of any organization can create a token with
 * `write:orgs/OWN/users/ANYBODY`, and set anybody's password with it.)
 */
export function requireHandedOn(
  principal: Principal,
  handedOn: readonly Permission[],
  organizationOf: OrganizationOf,
): void {
  const missing = missingFrom(principal, handedOn, organizationOf)
  if (!missing) return
  const name = formatPermission(missing)
  const message = `permission ${name} is not allowed: ${name} is unauthorized`
  throw forbidden('beyond-own-rights', message, { orgID: organizationIn(missing) })
}

/**
 * The first of these permissions that the principal does not hold. A permission that names an id allows that id
 * wherever it lies, so the organization beside it proves nothing: the principal must hold the permission for the id
 * itself, or for the type in the organization where the resource really lies.
 */
export function missingFrom(
  principal: Pick<Principal, 'permissions'>,
  permissions: readonly Permission[],
  organizationOf: OrganizationOf,
): Permission | undefined {
  return permissions.find((each) => {
    const { type, id, orgID } = each.resource
    if (!id) return !may(principal, each)
    const place = organizationOf({ type, id, orgID })
    return !may(principal, permission(each.action, type, place ? { id, orgID: place } : { id }))
  })
}

/**
 * Whether a principal is an operator for this action: it holds the action for the instance, or for every type without
 * a scope, as the operator token of setup does.
 */
export function isOperator(principal: Pick<Principal, 'permissions'>, action: Action): boolean {
  const all = (type: ResourceType) => may(principal, permission(action, type))
  return all('instance') || RESOURCE_TYPES.every((type) => type === 'instance' || all(type))
}

/** Throws `unauthorized` for everybody but operators. */
export function requireOperator(principal: Principal, action: Action): void {
  if (!isOperator(principal, action))
    throw unauthorized('missing-permission', `${action}:instance is unauthorized`)
}
