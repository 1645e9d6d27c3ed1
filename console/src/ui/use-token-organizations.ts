import { useQuery } from '@tanstack/react-query'
import { organizations } from '../api/queries.ts'
import { useRights } from './use-rights.ts'

/** The organizations in which the signed-in user may create tokens; undefined until that is known. */
export function useTokenOrganizations() {
  const { userID, may } = useRights()
  const orgs = useQuery(organizations).data
  if (userID === undefined || !may('write', 'users', { id: userID }))
    return userID === undefined ? undefined : []
  return orgs?.filter(({ id }) => may('write', 'authorizations', { orgID: id }))
}
