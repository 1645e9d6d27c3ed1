/** What statements about databases do to their buckets. */
import { forbidden } from '../domain/base/errors.ts'
import type { ID } from '../domain/base/id.ts'
import type { Buckets } from '../domain/buckets/buckets.ts'
import { durationSeconds } from '../domain/influxql/duration.ts'
import type { Bucket, BucketStore } from '../domain/records/bucket.ts'
import type { UpstreamDatabases } from '../domain/records/upstream-databases.ts'
import type { ManageDatabases } from '../http/gateway/influxdb1/judge-influxql.ts'

export function createManageDatabases(deps: {
  /** Buckets without what is done upstream, since the forwarded statement does that. */
  buckets: Pick<Buckets, 'create' | 'update' | 'remove'>
  records: Pick<BucketStore, 'byIDs' | 'idsOfOrganization'>
  /** The databases upstream. */
  list: UpstreamDatabases['list']
  dropsDatabases: boolean
  hasPlainNames: boolean
}): ManageDatabases {
  const { buckets, records } = deps

  async function bucketsIn(orgID: ID, isWanted: (name: string) => boolean): Promise<Bucket[]> {
    const all = await records.byIDs(await records.idsOfOrganization(orgID))
    return all.filter(({ type, name }) => type === 'user' && isWanted(name))
  }

  const retentionRules = (keeps = 'INF') => [{ everySeconds: keeps === 'INF' ? 0 : durationSeconds(keeps) }]

  return async (caller, orgID, { name, database, policy, keeps }) => {
    if (!deps.hasPlainNames && (database.includes('/') || policy?.includes('/'))) {
      throw forbidden('not-through-gateway', 'a database may not have a / in its name')
    }
    const bucketName = policy === undefined ? database : `${database}/${policy}`
    if (name === 'CREATE DATABASE' || name === 'CREATE RETENTION POLICY') {
      if ((await bucketsIn(orgID, (each) => each === bucketName)).length > 0) return {}
      const made = await buckets.create(caller, {
        orgID,
        name: bucketName,
        retentionRules: retentionRules(keeps),
      })
      return { undo: () => buckets.remove(caller, made.id) }
    }
    if (name === 'ALTER RETENTION POLICY') {
      return {
        // Upstream knows which policy is the database's default one, and says 200 also of a statement that failed.
        async afterwards() {
          const there = new Map((await deps.list()).map((each) => [each.name, each.retentionSeconds]))
          for (const bucket of await bucketsIn(orgID, (each) => each === bucketName || each === database)) {
            const everySeconds = there.get(bucket.name) ?? bucket.retentionSeconds
            if (everySeconds === bucket.retentionSeconds) continue
            await buckets.update(caller, bucket.id, { retentionRules: [{ everySeconds }] })
          }
        },
      }
    }
    if (!deps.dropsDatabases) {
      throw forbidden(
        'not-through-gateway',
        'databases and their policies are not dropped here; upstream-drop-databases allows it',
      )
    }
    const isGone = (each: string) =>
      each === bucketName || (policy === undefined && each.startsWith(`${database}/`))
    return {
      async afterwards() {
        for (const { id } of await bucketsIn(orgID, isGone)) await buckets.remove(caller, id)
      },
    }
  }
}

/** For a request of which this server is asked only, and that may never be sent. */
export async function manageNothing(): Promise<never> {
  throw forbidden(
    'not-by-check',
    'databases are created, changed and dropped through Sluice, which keeps their buckets',
  )
}
