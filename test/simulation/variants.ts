import type { FaultKind } from './faults.ts'

/**
 * A safeguard that a simulated node omits. The freshness rule needs each of them, so the simulation must catch each
 * omission.
 */
export interface Variant {
  /** Users are not marked before the commit; their stamps change after it. */
  readonly unmarked?: boolean
  /** A change also removes the marks of other changes. */
  readonly oneFlag?: boolean
  /** The stamp is read after the load instead of before. */
  readonly stampAfterLoad?: boolean
  /** Stamps do not contain the epoch. */
  readonly noEpoch?: boolean
  /** Nodes use their cache no matter how long ago they read the epoch. */
  readonly noLease?: boolean
  /** Changes in a new epoch are acknowledged without a wait. */
  readonly noQuarantine?: boolean
  /** A load also answers requests that read another stamp. */
  readonly joined?: boolean
  /** A change commits even if the epoch has changed. */
  readonly anyEpoch?: boolean
  /** An epoch begins without waiting for changes in progress. */
  readonly unlocked?: boolean
  /** A master that was a replica in between counts as the same master. */
  readonly runAlone?: boolean
  /** A mark is removed although the outcome of the commit is unknown. */
  readonly settledWhenUnknown?: boolean
}

/** Each variant with the faults that reveal it soonest; undefined for all faults. */
export const VARIANTS: readonly (readonly [string, Variant, (readonly FaultKind[])?])[] = [
  ['no mark before the commit', { unmarked: true }],
  ['one flag for all changes in progress', { oneFlag: true }],
  ['the stamp read after the load', { stampAfterLoad: true }],
  ['stamps without the epoch', { noEpoch: true }],
  ['no lease', { noLease: true }, ['split']],
  ['no quarantine after a new epoch', { noQuarantine: true }],
  ['a load shared across stamps', { joined: true }],
  ['a change committed in another epoch than its marks', { anyEpoch: true }, ['failOver']],
  ['an epoch begun during a change', { unlocked: true }, ['failOver', 'slowCommits']],
  ['a session store identified by its process only', { runAlone: true }, ['failOverAndBack']],
  ['a mark removed before a commit', { settledWhenUnknown: true }, ['slowCommits']],
]
