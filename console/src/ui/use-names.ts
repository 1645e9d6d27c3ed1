import { useQueries, useQuery } from '@tanstack/react-query'
import { bucketsOf, organizations } from '../api/queries.ts'
import type { Names } from './permission-groups.ts'

/** The names of all readable organizations, and of the buckets in the given ones. */
export function useNames(orgIDs: readonly string[] = []): Names {
  const orgs = useQuery(organizations).data ?? []
  const buckets = useQueries({ queries: orgIDs.map((id) => bucketsOf(id)) }).flatMap(({ data }) => data ?? [])
  return {
    orgs: new Map(orgs.map(({ id, name }) => [id, name])),
    buckets: new Map(buckets.map(({ id, name }) => [id, name])),
  }
}
