/** Names that link to their pages, if the signed-in user may open them. */
import { Link } from '@tanstack/react-router'
import type { Token } from './token-state.ts'
import { useRights } from './use-rights.ts'

export function OwnerLink({ token: { userID, user } }: { token: Token }) {
  const rights = useRights()
  if (rights.operator) {
    return (
      <Link to="/people/$id" params={{ id: userID }}>
        {user}
      </Link>
    )
  }
  return userID === rights.userID ? <Link to="/account">{user}</Link> : user
}

export function OrganizationLink({ token: { orgID, org } }: { token: Token }) {
  if (!useRights().may('read', 'orgs', { id: orgID })) return org
  return (
    <Link to="/organizations/$id" params={{ id: orgID }}>
      {org}
    </Link>
  )
}
