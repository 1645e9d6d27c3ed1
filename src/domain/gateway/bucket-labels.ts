/** The labels of buckets, which only upstream knows, in answers of this server. */
import { may, type Principal } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { inLanes } from '../base/in-lanes.ts'
import type { Log } from '../base/log.ts'
import type { Bucket } from '../records/bucket.ts'
import { permission } from '../records/permission.ts'
import type { Label, LabelRequest, UpstreamLabels } from '../records/upstream.ts'
import type { DataDirectory } from './data-directory.ts'
import { type MintedTokens, tokenGone } from './minted-tokens.ts'

/** Labels by bucket; a bucket without labels is absent. */
export type Labels = ReadonlyMap<ID, readonly Label[]>

export interface BucketLabels {
  /**
   * The labels of these buckets that the principal may read. Never fails: if upstream is unreachable or slow the
   * labels are missing, so that buckets can still be listed.
   */
  of(principal: Principal, buckets: readonly Bucket[]): Promise<Labels>
}

/** For a server without an upstream. */
export const NO_LABELS: BucketLabels = { of: async () => new Map() }

/** How long an answer waits for labels. */
const TIMEOUT_MS = 1000
/** An organization with more buckets is not read as a whole, since upstream returns no more in one answer. */
const MOST_IN_LIST = 100
/** How many buckets of a large organization are read at a time. */
const LANES = 8

/** Asks with the principal's own token: one request for an organization of up to a hundred buckets. */
export function createBucketLabels(deps: {
  upstream: UpstreamLabels
  tokens: Pick<MintedTokens, 'of' | 'discard'>
  directory: Pick<DataDirectory, 'bucketIDs'>
  /** Whether upstream answers, as far as is known. */
  isUp: () => boolean
  log: Log
}): BucketLabels {
  const { upstream, tokens, directory, isUp, log } = deps

  async function inOrganization(
    principal: Principal,
    orgID: ID,
    wanted: readonly ID[],
    until: number,
  ): Promise<Labels> {
    /** With a new token if upstream does not know this one any more. */
    async function asking<T>(send: (request: LabelRequest) => Promise<T | undefined>): Promise<T> {
      for (let isAgain = false; ; isAgain = true) {
        const minted = await tokens.of(principal, orgID)
        if (!minted) throw tokenGone()
        const timeoutMs = Math.max(1, Math.ceil(until - performance.now()))
        const answer = await send({ token: minted.token, timeoutMs })
        if (answer !== undefined) return answer
        tokens.discard(minted)
        if (isAgain) throw tokenGone()
      }
    }
    const size = (await directory.bucketIDs(orgID)).length
    if (wanted.length > 1 && size <= MOST_IN_LIST) {
      return asking((request) => upstream.ofOrganization(orgID, request))
    }
    const found = new Map<ID, readonly Label[]>()
    await inLanes(wanted, LANES, async (id) => {
      if (performance.now() < until) found.set(id, await asking((request) => upstream.ofBucket(id, request)))
    })
    return found
  }

  return {
    async of(principal, buckets) {
      if (buckets.length === 0 || !isUp()) return new Map()
      const until = performance.now() + TIMEOUT_MS
      const organizations = [...Map.groupBy(buckets, ({ orgID }) => orgID)].filter(([orgID]) =>
        mayReadLabels(principal, orgID),
      )
      const found = await Promise.all(
        organizations.map(([orgID, its]) => {
          const ids = its.map(({ id }) => id)
          const asked = inOrganization(principal, orgID, ids, until).catch((error: unknown): Labels => {
            // The watch over upstreams logs an upstream that is away.
            if (!(error instanceof SluiceError && error.code === 'unavailable')) {
              log.warn('the labels of buckets cannot be shown', { cause: String(error) })
            }
            return new Map()
          })
          // Minting a token has a longer limit of its own.
          return before(until, asked)
        }),
      )
      return new Map(found.flatMap((each) => [...each]))
    },
  }
}

/** Upstream shows labels only to those who may read them, so no other caller needs a token there. */
function mayReadLabels(principal: Principal, orgID: ID): boolean {
  if (may(principal, permission('read', 'labels', { orgID }))) return true
  return [...principal.permissions.idsOf('labels')].some((id) =>
    may(principal, permission('read', 'labels', { id })),
  )
}

async function before(until: number, asked: Promise<Labels>): Promise<Labels> {
  const { promise, resolve } = Promise.withResolvers<Labels>()
  const timer = setTimeout(() => resolve(new Map()), Math.max(0, until - performance.now()))
  try {
    return await Promise.race([asked, promise])
  } finally {
    clearTimeout(timer)
  }
}
