/** What statements about databases do to their buckets. */
import type { Caller } from '../domain/access/principal.ts'
import { forbidden, SluiceError } from '../domain/base/errors.ts'
import type { ID } from '../domain/base/id.ts'
import { type Buckets, requireMayCreate } from '../domain/buckets/buckets.ts'
import { leastRetention } from '../domain/buckets/retention.ts'
import { durationSeconds } from '../domain/influxql/duration.ts'
import type { Bucket, BucketStore } from '../domain/records/bucket.ts'
import type { DatabaseUpstream } from '../domain/records/upstream-databases.ts'
import { databaseOf } from '../domain/upstream/database-name.ts'
import type { DatabaseChange, ManageDatabases } from '../http/gateway/influxdb1/judge-influxql.ts'

/**
 * Buckets follow upstream's own list, read after each request that may have changed it: InfluxDB answers 200 also if a
 * statement failed, stops at the first of several that fails, and knows which policy is a database's default one. So a
 * crash or a lost answer leaves at most a database without a bucket, which the start names, or a bucket whose empty
 * database comes back.
 */
export function createManageDatabases(deps: {
  /** Buckets without what is done upstream, since the forwarded statement does that. */
  buckets: Pick<Buckets, 'create' | 'update' | 'remove'>
  records: Pick<BucketStore, 'byIDs' | 'idsOfOrganization'>
  upstream: DatabaseUpstream
}): ManageDatabases {
  const { buckets, records, upstream } = deps
  const { databases, dropsDatabases, hasPlainNames, inChange } = upstream

  const isWithin = (name: string, database: string) => databaseOf(name, upstream) === database

  async function bucketsOf(orgID: ID, changes: readonly DatabaseChange[]): Promise<Bucket[]> {
    const all = await records.byIDs(await records.idsOfOrganization(orgID))
    return all.filter(
      ({ type, name }) => type === 'user' && changes.some(({ database }) => isWithin(name, database)),
    )
  }

  const isDropped = (name: string, changes: readonly DatabaseChange[]) =>
    changes.some(
      (change) =>
        isDrop(change) &&
        (change.policy === undefined ? isWithin(name, change.database) : name === bucketNameOf(change)),
    )

  async function settle(
    caller: Caller,
    orgID: ID,
    changes: readonly DatabaseChange[],
    isDone: boolean,
  ): Promise<void> {
    const there = new Map((await databases.list()).map((each) => [each.name, each]))
    const known = await bucketsOf(orgID, changes)
    for (const { id, name, retentionSeconds, shardGroupSeconds } of known) {
      const found = there.get(name)
      const asked = isDone
        ? changes.findLast((each) => isAlteration(each) && bucketNameOf(each) === name)
        : undefined
      const said = found?.retentionSeconds ?? (asked && secondsIn(asked))
      const everySeconds = leastRetention(said ?? retentionSeconds)
      if (found && everySeconds !== retentionSeconds) {
        // A bucket's groups of shards are never longer than it keeps data.
        const shards =
          everySeconds === 0 ? {} : { shardGroupDurationSeconds: Math.min(shardGroupSeconds, everySeconds) }
        await buckets.update(caller, id, { retentionRules: [{ everySeconds, ...shards }] })
      } else if (!found && isDropped(name, changes)) {
        await unlessDone('not found', () => buckets.remove(caller, id))
      }
    }
    for (const change of changes) {
      const name = bucketNameOf(change)
      const found = there.get(name)
      if (!isCreation(change) || !found || known.some((each) => each.name === name)) continue
      const everySeconds = leastRetention(found.retentionSeconds ?? secondsIn(change))
      const made = { orgID, name, retentionRules: [{ everySeconds }] }
      // Clients that start together all ask for their database.
      await unlessDone('conflict', () => buckets.create(caller, made))
    }
  }

  return (caller, orgID, changes) => {
    for (const change of changes) {
      const { database, policy } = change
      if (!hasPlainNames && (database.includes('/') || policy?.includes('/'))) {
        throw forbidden('not-through-gateway', 'a database may not have a / in its name')
      }
      if (isCreation(change)) requireMayCreate(caller.principal, { orgID, name: bucketNameOf(change) })
      if (isDrop(change) && !dropsDatabases) {
        throw forbidden(
          'not-through-gateway',
          'databases and their policies are not dropped here; upstream-drop-databases allows it',
        )
      }
    }
    const names = changes.flatMap((change) => [change.database, bucketNameOf(change)])
    return {
      begin: () => inChange.begin(names),
      settle: (status = 0) => settle(caller, orgID, changes, status >= 200 && status < 300),
    }
  }
}

const isCreation = ({ name }: DatabaseChange) => name.startsWith('CREATE ')
const isAlteration = ({ name }: DatabaseChange) => name.startsWith('ALTER ')
const isDrop = ({ name }: DatabaseChange) => name.startsWith('DROP ')
const bucketNameOf = ({ database, policy }: DatabaseChange) =>
  policy === undefined ? database : `${database}/${policy}`
const secondsIn = ({ keeps = 'INF' }: DatabaseChange) => (keeps === 'INF' ? 0 : durationSeconds(keeps))

async function unlessDone(code: SluiceError['code'], act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof SluiceError && error.code === code)) throw error
  }
}

/** For a request of which this server is asked only, and that may never be sent. */
export function manageNothing(): never {
  throw forbidden(
    'not-by-check',
    'databases are created, changed and dropped through Sluice, which keeps their buckets',
  )
}
