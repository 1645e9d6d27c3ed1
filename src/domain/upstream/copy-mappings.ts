/** Keeps the DBRP mappings here equal to upstream's, where alone they are changed. */
import type { ID } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import type { DbrpMapping } from '../records/dbrp-mapping.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'

/** Replaces all of them if any differs; mappings to buckets that are not here are left out. */
export async function copyMappings(
  {
    records,
    upstream,
    changes,
  }: {
    records: Pick<IdentityRecords, 'buckets' | 'dbrpMappings'>
    upstream: Pick<UpstreamIdentities, 'mappingsOf'>
    changes: Changes
  },
  organizations: readonly ID[],
): Promise<void> {
  const buckets = new Set<ID>()
  for (const id of organizations) {
    for (const bucketID of await records.buckets.idsOfOrganization(id)) buckets.add(bucketID)
  }
  const there = (await upstream.mappingsOf(organizations)).filter(({ bucketID }) => buckets.has(bucketID))
  if (textOf(there) === textOf(await records.dbrpMappings.list({}))) return
  await changes((change) => change.dbrpMappings.replaceAll(there))
}

/** The same for the same mappings in any order. */
function textOf(mappings: readonly DbrpMapping[]): string {
  return mappings
    .map(({ id, orgID, bucketID, database, retentionPolicy, isDefault }) =>
      JSON.stringify([id, orgID, bucketID, database, retentionPolicy, isDefault]),
    )
    .sort()
    .join('\n')
}
