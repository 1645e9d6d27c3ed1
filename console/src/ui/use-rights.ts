import { useQuery } from '@tanstack/react-query'
import { grantsOf, me } from '../api/entry-queries.ts'
import { NO_RIGHTS, type Rights, rightsOf } from './rights.ts'

/** The rights of the signed-in user. They are asked for once, and until they are known the user may do nothing. */
export function useRights(): Rights {
  const user = useQuery(me).data
  const grants = useQuery({ ...grantsOf(user?.id ?? ''), enabled: user !== undefined }).data
  return user && grants ? rightsOf(user.id, grants) : NO_RIGHTS
}
