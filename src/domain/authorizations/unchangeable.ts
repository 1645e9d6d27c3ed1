import { invalid } from '../base/errors.ts'
import { storedTokenHashes } from '../base/secrets.ts'
import type { Authorization } from '../records/authorization.ts'
import type { LegacyAuthorization } from '../records/legacy-authorization.ts'
import { type Permission, type PermissionInput, parsePermission } from '../records/permission.ts'

/** Fields that an update may repeat but not change, of a token and of a 1.x authorization. */
export interface UnchangeableInput {
  readonly permissions?: readonly PermissionInput[] | undefined
  readonly orgID?: string | undefined
  readonly userID?: string | undefined
  /** The secret; for a 1.x authorization its name. */
  readonly token?: string | undefined
}

/**
 * Throws `invalid` if an update would change a fixed field. Equal values are accepted, because InfluxDB's Python client
 * sends the whole authorization back to change only the status.
 */
export function requireUnchanged(current: Authorization, input: UnchangeableInput): void {
  const { token } = input
  requireShared(current, input)
  if (token && !storedTokenHashes(token).includes(current.hashedToken)) {
    throw invalid('a token cannot be replaced by an update; POST to /api/v2/authorizations/ID/rotate')
  }
}

/** Throws `invalid` for an end of the old secret's grace period that is neither `now` nor the current one. */
export function requireSameGrace({ previous }: Authorization, graceUntil: string | undefined): void {
  if (graceUntil === undefined || graceUntil === 'now') return
  if (previous && Date.parse(graceUntil) === Date.parse(previous.until)) return
  throw invalid('the grace period of an old secret can only be ended, by "now", or stay as it is')
}

/** The same for a 1.x authorization. */
export function requireUnchangedLegacy(
  current: Pick<LegacyAuthorization, 'permissions' | 'orgID' | 'userID' | 'name'>,
  input: UnchangeableInput,
): void {
  requireShared(current, input)
  if (input.token && input.token !== current.name) throw fixed('name')
}

function requireShared(
  current: Pick<Authorization, 'permissions' | 'orgID' | 'userID'>,
  { permissions, orgID, userID }: UnchangeableInput,
): void {
  if (permissions && !areSame(current.permissions, permissions.map(parsePermission))) {
    throw invalid('the permissions of a token cannot be changed; create another token with those you want')
  }
  if (orgID !== undefined && orgID.toLowerCase() !== current.orgID) throw fixed('organization')
  if (userID !== undefined && userID.toLowerCase() !== current.userID) throw fixed('user')
}

const fixed = (what: string) => invalid(`the ${what} of a token cannot be changed; create another token`)

function areSame(held: readonly Permission[], sent: readonly Permission[]): boolean {
  const written = (permissions: readonly Permission[]) =>
    permissions
      .map(({ action, resource: { type, id = '', orgID = '' } }) => [action, type, id, orgID].join('/'))
      .sort()
      .join(' ')
  return written(held) === written(sent)
}
