import { NOBODY_ID, type Principal } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { inLanes } from '../base/in-lanes.ts'
import type { Log } from '../base/log.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { Permission } from '../records/permission.ts'
import type { Stamp } from '../records/stamps.ts'
import type { DescribedToken, UpstreamResources, UpstreamTokens } from '../records/upstream.ts'
import type { DataDirectory } from './data-directory.ts'
import { createMintedKeys, digestOf } from './minted-keys.ts'
import { createRemovals } from './upstream-removals.ts'
import { type BucketScope, rightsWithin, upstreamRights } from './upstream-rights.ts'

/**
 * A token that Sluice created in InfluxDB for one user, with what the caller may do in one organization. That of an
 * operator allows everything but the instance, in all organizations.
 */
export interface MintedToken {
  readonly id: ID
  /** Only in memory: never stored, logged or sent to a client. */
  readonly token: string
}

export interface MintedTokens {
  /**
   * The token for a principal's requests in an organization; minted if there is none yet. Undefined if the principal
   * may do nothing there. Throws `unavailable` if upstream cannot mint one.
   */
  of(principal: Principal, orgID: ID, scope?: BucketScope): MaybePromise<MintedToken | undefined>
  /** Call it when upstream does not know a token: the next request gets a new one. */
  discard(minted: MintedToken): void
  /** Deletes the tokens of these users upstream, in the background: the next request of each gets a new one. */
  removeOf(users: ReadonlySet<ID> | 'everybody'): void
  /**
   * Deletes the tokens of users that another node has changed since. A user whose rights stayed the same loses nothing:
   * the next request gets a new token. Throws `unavailable` if stamps cannot be read.
   */
  removeStale(): Promise<void>
  /** The number of minted tokens. */
  count(): number
  /**
   * Deletes the tokens that earlier runs left upstream: those that are older than any token gets, and without other
   * nodes all that this Sluice made and does not use. Throws `unavailable` if upstream cannot be asked.
   */
  sweep(): Promise<void>
  /** Deletes all tokens upstream, within a time limit; the next start deletes the rest. */
  stop(): Promise<void>
}

interface Kept {
  readonly userID: ID
  /** Undefined if the principal has no permissions in the organization. */
  readonly minted: MaybePromise<MintedToken | undefined>
  lastUsed: number
  readonly madeAt: number
  /** The user's stamp when the token was minted; null if it could not be read. */
  readonly stamp: Promise<Stamp> | undefined
}

export const MOST_TOKENS = 1000
export const IDLE_MS = 60 * 60_000
/** So that nodes beside each other can tell what a node left that is gone. Another token costs milliseconds. */
export const LONGEST_LIFE_MS = 2 * 60 * 60_000
/** Upstream's clock may differ, and a token is used for a request that takes long. */
export const MARGIN_MS = 60 * 60_000
/** Begins every description. After the node's number comes a mark of the Sluice, since several may share an upstream. */
const LABEL = 'sluice node '
const MARK = /^sluice node \d+ of ([0-9a-f]+): /
const LOOK_EVERY_MS = 60_000
const STALE_EVERY_MS = 10_000
/** How many stamps are read at one time. */
const LANES = 8

export interface MintedTokensDeps {
  readonly upstream: UpstreamTokens
  readonly resources: Pick<UpstreamResources, 'find'>
  readonly directory: Pick<DataDirectory, 'bucketIDs'>
  readonly now: Clock
  readonly log: Log
  /** Part of every description, for operators who look at upstream. */
  readonly node: number
  /** Tells the tokens of this Sluice from those of another one with other data. */
  readonly mark: () => Promise<string>
  /** Whether no other node uses the same upstream. */
  readonly isAlone: boolean
  /** Changes with the user on any node; undefined if no other node or command can change users. */
  readonly stampOf?: ((userID: ID) => Promise<Stamp>) | undefined
}

/**
 * Keeps one token upstream for each user, organization and set of permissions: with few tokens the look-up upstream
 * stays fast, and a changed right makes another key, so it counts from the next request. A token is deleted upstream,
 * never deactivated, since an inactive one still adds to the user's rights there.
 */
export function createMintedTokens(deps: MintedTokensDeps): MintedTokens {
  const { now } = deps
  /** Least recently used first. */
  const kept = new Map<string, Kept>()
  const keyOf = createMintedKeys()
  const removals = createRemovals(deps)

  function mint(
    key: string,
    userID: ID,
    orgID: ID,
    rights: readonly Permission[],
  ): Promise<MintedToken | undefined> {
    const minted = tokenFor(deps, userID, orgID, rights)
    const stamp = deps.stampOf?.(userID).catch(() => null)
    const entry: Kept = { userID, minted, lastUsed: now(), madeAt: now(), stamp }
    kept.set(key, entry)
    minted.then(
      (token) => {
        // The promise is replaced by its value, so that later requests need not await it.
        if (kept.get(key) === entry) kept.set(key, { ...entry, minted: token })
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key)
      },
    )
    evict()
    return minted
  }

  function drop(key: string, { minted }: Kept): void {
    kept.delete(key)
    removals.begin(minted)
  }

  function evict(): void {
    const oldest = now() - IDLE_MS
    for (const [key, entry] of kept) {
      if (kept.size <= MOST_TOKENS && entry.lastUsed >= oldest) return
      drop(key, entry)
    }
  }

  function endOld(): void {
    const oldest = now() - LONGEST_LIFE_MS
    for (const [key, entry] of kept) {
      if (entry.madeAt >= oldest) continue
      drop(key, entry)
    }
  }

  async function removeStale(): Promise<void> {
    const { stampOf } = deps
    if (!stampOf) return
    const byUser = [...Map.groupBy(kept, ([, { userID }]) => userID)]
    await inLanes(byUser, LANES, async ([userID, entries]) => {
      const current = await stampOf(userID)
      // A change is in progress; the next look reads its stamp.
      if (current === null) return
      for (const [key, { stamp }] of entries) {
        if ((await stamp) === current) continue
        const entry = kept.get(key)
        if (entry?.stamp !== stamp || !entry) continue
        drop(key, entry)
      }
    })
  }

  function look(): void {
    evict()
    endOld()
  }

  const timers = [
    setInterval(look, LOOK_EVERY_MS),
    // The watch of the session store reports that it is away.
    setInterval(() => void removeStale().catch(() => {}), STALE_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()

  return {
    of(principal, orgID, scope = 'by-id') {
      return andThen(deps.directory.bucketIDs(orgID), (buckets) => {
        const key = keyOf(principal, orgID, scope, buckets)
        if (key === undefined) return undefined
        const entry = kept.get(key)
        if (!entry) {
          const rights = upstreamRights(principal, orgID, { scope, ids: buckets })
          return mint(key, principal.user.id, orgID, rights)
        }
        entry.lastUsed = now()
        kept.delete(key)
        kept.set(key, entry)
        return entry.minted
      })
    },
    discard(minted) {
      for (const [key, entry] of kept) if (entry.minted === minted) kept.delete(key)
    },
    removeOf(users) {
      for (const [key, entry] of kept) {
        if (users !== 'everybody' && !users.has(entry.userID)) continue
        drop(key, entry)
      }
    },
    removeStale,
    count: () => kept.size,
    sweep: () => sweep(deps, () => [...kept.values()]),
    async stop() {
      for (const timer of timers) clearInterval(timer)
      for (const entry of kept.values()) removals.begin(entry.minted)
      kept.clear()
      await removals.settled()
    },
  }
}

async function tokenFor(
  deps: Pick<MintedTokensDeps, 'resources' | 'upstream' | 'node' | 'mark'>,
  userID: ID,
  orgID: ID,
  rights: readonly Permission[],
): Promise<MintedToken | undefined> {
  try {
    const permissions = await rightsWithin(orgID, rights, deps.resources)
    if (permissions.length === 0) return undefined
    const description = `${LABEL}${deps.node} of ${await deps.mark()}: ${digestOf(permissions)}`
    return await deps.upstream.mint({ userID: ownerOf(userID), orgID, permissions, description })
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'unavailable') throw error
    // A refusal of upstream concerns Sluice and not the caller, whose request is valid.
    throw unavailable('InfluxDB gave no token for this request; try again shortly', {
      ...{ cause: error, retryAfterSeconds: 1 },
    })
  }
}

/** Deletes what earlier runs left upstream; `kept` gives the tokens of this run at that moment. */
async function sweep(
  deps: Pick<MintedTokensDeps, 'upstream' | 'now' | 'mark' | 'isAlone' | 'log'>,
  kept: () => readonly Kept[],
): Promise<void> {
  const begun = deps.now()
  const found = await deps.upstream.described(LABEL)
  const own = new Set<ID | undefined>()
  for (const { minted } of kept()) {
    const token = await Promise.resolve(minted).catch(() => undefined)
    own.add(token?.id)
  }
  const isOld = ({ createdAt }: DescribedToken) => Date.parse(createdAt) < begun - LONGEST_LIFE_MS - MARGIN_MS
  const mark = await deps.mark()
  const isOurs = ({ description }: DescribedToken) => MARK.exec(description)?.[1] === mark
  const left = found.filter((each) => !own.has(each.id) && ((deps.isAlone && isOurs(each)) || isOld(each)))
  for (const { id } of left) await deps.upstream.remove(id)
  if (left.length > 0) deps.log.info('deleted tokens of earlier runs upstream', { count: left.length })
}

/**
 * Callers without a user share the tokens of their rights, which upstream needs to belong to somebody. A token there
 * gives what it names, whoever its user is; only tasks would run with the user's rights, and no such caller may write
 * them.
 */
const ownerOf = (userID: ID) => (userID === NOBODY_ID ? undefined : userID)

/** The error for a request whose token upstream does not know, and that cannot be sent again. */
export const tokenGone = () =>
  unavailable('InfluxDB does not know the token of this request any more; repeat it', {
    retryAfterSeconds: 1,
  })
