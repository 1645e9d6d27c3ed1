/** Compares the records here with upstream's from time to time, and adds buckets that were made upstream. */
import { SluiceError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { ALL, visiblePage } from '../base/paging.ts'
import type { Changes } from '../changes.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { Membership } from '../records/membership.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import { adoptBuckets } from './adoption.ts'
import { copyMappings } from './copy-mappings.ts'
import {
  type Difference,
  differencesBetween,
  keyOf,
  type RecordsHere,
  type RecordsThere,
} from './differences.ts'

export interface Comparison {
  /**
   * Lists all current differences, without changes in progress. Takes two requests for each organization and bucket.
   * Throws `unavailable` if upstream is unreachable.
   */
  differences(): Promise<Difference[]>
  /** The differences that the last comparison found. */
  latest(): readonly Difference[]
  /**
   * Compares users, organizations and buckets now, and memberships too if `whole`; adds buckets made upstream, and if
   * `whole` takes over the DBRP mappings.
   */
  run(whole: boolean): Promise<void>
  /** Compares soon, since buckets or DBRP mappings may have been changed upstream just now. */
  soon(): void
  stop(): Promise<void>
}

const EVERY_MS = 30_000
/** Memberships take more requests, so they are compared every tenth minute. */
const WHOLE_EVERY = 20
/**
 * A change is made upstream first and here moments later, so a difference that lasts longer is not a change in
 * progress.
 */
const SETTLE_MS = 2000

type Records = Pick<IdentityRecords, 'users' | 'organizations' | 'buckets' | 'memberships' | 'dbrpMappings'>

export function createComparison(deps: {
  records: Records
  upstream: Pick<UpstreamIdentities, 'list' | 'membershipsOf' | 'mappingsOf'>
  changes: Changes
  log: Log
  wait: (ms: number) => Promise<void>
}): Comparison {
  const { records, upstream, changes, log, wait } = deps
  let latest: readonly Difference[] = []
  let reported = ''
  let runs = 0
  let running: Promise<void> = Promise.resolve()
  let isAsked = false
  let isStopped = false

  /**
   * Reads the records here before those upstream, so that a record that is deleted meanwhile never seems to be made
   * upstream.
   */
  async function compared(whole: boolean): Promise<Difference[]> {
    const here = await readHere(records, whole)
    return differencesBetween(here, await readThere(upstream, here, whole))
  }

  async function settled(whole: boolean): Promise<Difference[]> {
    const first = await compared(whole)
    if (first.length === 0) return first
    await wait(SETTLE_MS)
    const keys = new Set(first.map(keyOf))
    return (await compared(whole)).filter((each) => keys.has(keyOf(each)))
  }

  async function run(whole: boolean, withMappings = whole): Promise<void> {
    const found = await settled(whole)
    const adopted = new Set(await adoptBuckets(changes, found))
    const left = found.filter((each) => !adopted.has(each))
    const memberships = whole ? [] : latest.filter(({ type }) => type === 'membership')
    latest = [...left, ...memberships]
    report()
    if (!withMappings) return
    const organizations = await visiblePage(records.organizations.list, () => true, ALL)
    await copyMappings(
      deps,
      organizations.map(({ id }) => id),
    )
  }

  /** Logs the differences whenever they differ from the last ones. */
  function report(): void {
    const now = latest.map(keyOf).sort().join('\n')
    if (now === reported) return
    reported = now
    if (latest.length === 0) log.info('this server and the InfluxDB behind it have the same records again')
    else {
      const many = latest.length === 1 ? '1 record differs' : `${latest.length} records differ`
      log.warn(
        `${many} between this server and the InfluxDB behind it; "sluice upstream status" shows which, "sluice upstream repair" mends them`,
      )
    }
  }

  function next(whole: boolean): void {
    running = running.then(async () => {
      if (isStopped) return
      const withMappings = whole || isAsked
      isAsked = false
      // `upstream-watch.ts` reports an unreachable upstream.
      await run(whole, withMappings).catch((error) => {
        if (error instanceof SluiceError && error.code === 'unavailable') return
        log.error('the records cannot be compared with upstream', { cause: String(error) })
      })
    })
  }

  const timer = setInterval(() => {
    runs += 1
    next(runs % WHOLE_EVERY === 0)
  }, EVERY_MS)
  timer.unref()

  return {
    differences: () => settled(true),
    latest: () => latest,
    run: (whole) => run(whole),
    soon() {
      if (isAsked || isStopped) return
      isAsked = true
      next(false)
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      await running
    },
  }
}

async function readHere(records: Records, whole: boolean): Promise<RecordsHere> {
  const everything = () => true
  const users = await visiblePage(records.users.list, everything, ALL)
  const organizations = await visiblePage(records.organizations.list, everything, ALL)
  const buckets = await visiblePage((page) => records.buckets.list({}, page), everything, ALL)
  if (!whole) return { users, organizations, buckets }
  const memberships: Membership[] = []
  for (const { id } of [...organizations, ...buckets]) {
    memberships.push(...(await records.memberships.ofResource(id)))
  }
  return { users, organizations, buckets, memberships }
}

/** Reads the memberships of organizations and buckets that both sides have. */
async function readThere(
  upstream: Pick<UpstreamIdentities, 'list' | 'membershipsOf'>,
  here: RecordsHere,
  whole: boolean,
): Promise<RecordsThere> {
  const there = await upstream.list()
  if (!whole) return there
  const ids = new Set([...there.organizations, ...there.buckets].map(({ id }) => id))
  const resources = [
    ...here.organizations.map(({ id }) => ({ resourceType: 'orgs', resourceID: id }) as const),
    ...here.buckets.map(({ id }) => ({ resourceType: 'buckets', resourceID: id }) as const),
  ]
  const shared = resources.filter(({ resourceID }) => ids.has(resourceID))
  return { ...there, memberships: await upstream.membershipsOf(shared) }
}
