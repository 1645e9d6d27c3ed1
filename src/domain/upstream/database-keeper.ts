/** One upstream with databases: whether it is there, which buckets lack their database, and which databases a bucket. */
import type { Caller } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import type { IDGenerator } from '../base/id.ts'
import { LONGEST_NAME } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { leastRetention, newRetention } from '../buckets/retention.ts'
import type { Changes } from '../changes.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'
import type { DatabaseUpstream, ListedDatabase, UpstreamDatabase } from '../records/upstream-databases.ts'
import { databaseOf } from './database-name.ts'

export interface AdoptedDatabase extends UpstreamDatabase {
  /** The organization that has the bucket now. */
  readonly orgID: string
  readonly org: string
  /** Set for one that cannot become a bucket. */
  readonly reason?: string
}

export interface DatabaseKeeper {
  /** What is wrong, without an address; undefined if upstream can be worked with. */
  problem(): string | undefined
  /** Looks now; called from time to time by itself. Makes the databases of buckets that have none. */
  look(): Promise<void>
  /** To be called when buckets or organizations may have changed. */
  soon(): void
  /** The databases that have no bucket, as far as they need one. Throws `unavailable`. */
  withoutBucket(): Promise<readonly AdoptedDatabase[]>
  /** Makes a bucket of each database that has none. Throws `unavailable`. */
  adopt(caller: Caller): Promise<readonly AdoptedDatabase[]>
  stop(): Promise<void>
}

const EVERY_MS = 5000
const SOON_MS = 50
const REPEAT_MS = 60_000
const MOST_NAMED = 20
const AWAY = 'a server behind this one does not answer'

export function createDatabaseKeeper(deps: {
  upstream: DatabaseUpstream
  organizations: Pick<OrganizationStore, 'byID' | 'byName'>
  buckets: Pick<BucketStore, 'byIDs' | 'idsOfOrganization'>
  changes: Changes
  ids: IDGenerator
  now: Clock
  log: Pick<Log, 'warn' | 'info'>
}): DatabaseKeeper {
  const { databases, organization: named, inChange } = deps.upstream
  const { organizations, log } = deps
  const nameOnce = createNaming(log)
  let problem: string | undefined = AWAY
  let saidAt: number | undefined
  /** Whether the next look must search for buckets without a database. */
  let isDue = true
  let looking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  async function organization(): Promise<Organization | undefined> {
    return (await organizations.byName(named)) ?? (await organizations.byID(named as Organization['id']))
  }

  async function bucketsOf({ id }: Organization): Promise<Bucket[]> {
    const all = await deps.buckets.byIDs(await deps.buckets.idsOfOrganization(id))
    return all.filter(({ type }) => type === 'user')
  }

  async function createMissing(): Promise<void> {
    isDue = false
    const moment = inChange.now()
    // Asked for in any case: it shows whether upstream takes the credentials.
    const listed = await databases.list()
    const there = new Set(listed.map(({ name }) => name))
    const org = await organization()
    if (!org) return
    const buckets = await bucketsOf(org)
    nameOnce(unadopted(listed, buckets, org))
    for (const bucket of buckets) {
      if (there.has(bucket.name)) continue
      // It is being dropped, and its bucket goes next.
      if (isChangedSince(deps.upstream, moment, bucket.name)) isDue = true
      else if (await databases.create(bucket))
        log.info('a database was created for a bucket that had none', { bucket: bucket.name })
    }
  }

  function say(text: string): void {
    if (saidAt !== undefined && deps.now() - saidAt < REPEAT_MS) return
    saidAt = deps.now()
    log.warn(text)
  }

  async function lookOnce(): Promise<void> {
    try {
      if (!(await databases.isReady())) {
        problem = AWAY
        isDue = true
      } else {
        if (isDue) await createMissing()
        problem = undefined
        if (saidAt !== undefined) log.info('the server behind this one answers again')
        saidAt = undefined
      }
    } catch (error) {
      problem = error instanceof SluiceError ? error.message : AWAY
      isDue = true
    }
    if (problem !== undefined) say(problem)
  }

  function look(): Promise<void> {
    looking = looking.then(lookOnce)
    return looking
  }

  const interval = setInterval(look, EVERY_MS)
  interval.unref()

  return {
    problem: () => problem,
    look,
    soon() {
      isDue = true
      timer ??= setTimeout(() => {
        timer = undefined
        void look()
      }, SOON_MS)
      timer.unref()
    },
    async withoutBucket() {
      const org = await organization()
      return org ? unadopted(await databases.list(), await bucketsOf(org), org) : []
    },
    async adopt(caller) {
      const org = await organization()
      if (!org) return []
      const found = unadopted(await databases.list(), await bucketsOf(org), org)
      const wanted = found.filter(({ reason }) => reason === undefined)
      if (wanted.length > 0) await addBuckets(wanted, org, caller)
      return found
    },
    async stop() {
      clearInterval(interval)
      clearTimeout(timer)
      await looking
    },
  }

  async function addBuckets(
    wanted: readonly UpstreamDatabase[],
    { id: orgID }: Organization,
    caller: Caller,
  ): Promise<void> {
    const at = new Date(deps.now()).toISOString()
    await deps.changes(async (change) => {
      for (const { name, retentionSeconds } of wanted) {
        const bucket: Bucket = {
          ...{ id: deps.ids.next(), orgID, type: 'user', name, description: '', retentionPolicy: '' },
          ...newRetention({ everySeconds: leastRetention(retentionSeconds) }),
          ...{ createdAt: at, updatedAt: at },
        }
        if (!(await change.buckets.add(bucket))) continue
        const target = { type: 'bucket', id: bucket.id, name, orgID }
        change.records({ event: 'bucket.create', target, caller })
      }
    })
  }
}

function isChangedSince(upstream: DatabaseUpstream, moment: number, name: string): boolean {
  const { inChange } = upstream
  return inChange.isChangedSince(moment, databaseOf(name, upstream)) || inChange.isChangedSince(moment, name)
}

/** Logs which databases have no bucket, once: no token reaches them. */
function createNaming(log: Pick<Log, 'warn'>): (found: readonly AdoptedDatabase[]) => void {
  let hasNamed = false
  return (found) => {
    if (hasNamed) return
    hasNamed = true
    if (found.length === 0) return
    const names = found.slice(0, MOST_NAMED).map(({ name }) => name)
    log.warn(
      'databases have no bucket, so that no token reaches them; sluice upstream adopt makes the buckets',
      { organization: found[0]?.org, count: found.length, databases: names },
    )
  }
}

function unadopted(
  listed: readonly ListedDatabase[],
  buckets: readonly Bucket[],
  org: Organization,
): readonly AdoptedDatabase[] {
  const known = new Set(buckets.map(({ name }) => name))
  return listed.flatMap(({ name, retentionSeconds = 0, isDefaultPolicy }) => {
    if (known.has(name) || isDefaultPolicy) return []
    const one = { name, retentionSeconds, orgID: org.id, org: org.name }
    const reason = reasonAgainst(name)
    return [reason === undefined ? one : { ...one, reason }]
  })
}

function reasonAgainst(name: string): string | undefined {
  if (name.startsWith('_')) return 'a bucket may not begin with an underscore'
  if (name.includes('"')) return 'a bucket may not have a quotation mark in its name'
  return name.length > LONGEST_NAME ? 'the name is too long for a bucket' : undefined
}
