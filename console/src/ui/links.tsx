/** Names that link to their pages, if the signed-in user may open them. */
import { Link } from '@tanstack/react-router'
import type { Token } from './token-state.ts'
import { useRights } from './use-rights.ts'

export function UserLink({ id, name }: { id: string; name: string }) {
  const rights = useRights()
  if (rights.operator) {
    return (
      <Link to="/people/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  return id === rights.userID ? <Link to="/account">{name}</Link> : name
}

export function OrganizationLink({ token: { orgID, org } }: { token: Token }) {
  if (!useRights().may('read', 'orgs', { id: orgID })) return org
  return (
    <Link to="/organizations/$id" params={{ id: orgID }}>
      {org}
    </Link>
  )
}
