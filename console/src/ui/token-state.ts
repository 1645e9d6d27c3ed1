/** What a token is at a time, and what the signed-in user may do with it. */
import type { Shapes } from '../api/client.ts'
import type { Rights } from './rights.ts'

export type Token = Shapes['Authorization']
export type TokenState = 'active' | 'disabled' | 'expired'

export const nameOf = ({ description, id }: Pick<Token, 'description' | 'id'>) => description || id

/** When it expires: milliseconds since 1970, or infinity if it never does. */
export const endOf = ({ expiresAt }: Pick<Token, 'expiresAt'>) =>
  expiresAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY

export function stateOf(token: Token, now: number): TokenState {
  if (endOf(token) <= now) return 'expired'
  return token.status === 'active' ? 'active' : 'disabled'
}

export interface TokenRights {
  /** To describe the token, and to let it expire earlier. */
  readonly change: boolean
  /** To do what gives its permissions to somebody: enable, rotate, prolong. */
  readonly give: boolean
  readonly disable: boolean
  readonly remove: boolean
}

/** Whether a user holds all these permissions, which giving them needs. */
export function mayGive(rights: Rights, permissions: Token['permissions']): boolean {
  return permissions.every(({ action, resource }) =>
    rights.may(action as 'read' | 'write', resource.type, resource),
  )
}

/** By the same rules as the server (docs/compatibility.md). */
export function tokenRights(rights: Rights, token: Token): TokenRights {
  const { id, orgID, userID, permissions, expiresAt } = token
  const onToken = (action: 'read' | 'write') => rights.may(action, 'authorizations', { id, orgID })
  const onOwner = (action: 'read' | 'write') => rights.may(action, 'users', { id: userID })
  const write = onToken('write') && onOwner('write')
  // One's own with an end, such as of the command line.
  const remove = write || (userID === rights.userID && expiresAt !== undefined && onOwner('write'))
  // An owner may stop a member's leaked token, but not one that also counts outside the organization.
  const isInside = permissions.every(({ resource }) => resource.id || resource.orgID)
  const change = write && onToken('read') && onOwner('read')
  return {
    ...{ change, remove, disable: change || (isInside && onToken('read') && onToken('write')) },
    // Only when it is asked for: a token may have a thousand permissions, a selection a thousand tokens.
    get give() {
      return change && mayGive(rights, permissions)
    },
  }
}

/** Whether the user may do with the token what is done with many at once: disable or delete it. */
export function isSelectable(token: Token, rights: Rights): boolean {
  const { disable, remove } = tokenRights(rights, token)
  return remove || (disable && token.status === 'active')
}
