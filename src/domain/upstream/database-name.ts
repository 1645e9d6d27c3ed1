import type { DatabaseUpstream } from '../records/upstream-databases.ts'

/** The database that a bucket of that name lies in: the part before the slash, unless upstream has plain names. */
export function databaseOf(name: string, { hasPlainNames }: Pick<DatabaseUpstream, 'hasPlainNames'>): string {
  return hasPlainNames ? name : (name.split('/', 1)[0] as string)
}
