import type { FaultKind } from './faults.ts'

/** What a simulated node leaves out. The freshness rule needs each of these, so each must be caught. */
export interface Variant {
  /** Nothing is marked before the commit; the stamp changes after it. */
  readonly unmarked?: boolean
  /** A change takes off the marks of others, too. */
  readonly oneFlag?: boolean
  /** The stamp is read after the load. */
  readonly stampAfterLoad?: boolean
  /** Stamps of different epochs are not told apart. */
  readonly noEpoch?: boolean
  /** Nodes go on with what they keep, however long ago they read the epoch. */
  readonly noLease?: boolean
  /** Changes in a new epoch are acknowledged at once. */
  readonly noQuarantine?: boolean
  /** A load answers also those who came with another stamp. */
  readonly joined?: boolean
  /** A change is kept whatever epoch it is in. */
  readonly anyEpoch?: boolean
  /** An epoch begins beside changes under way. */
  readonly unlocked?: boolean
  /** A master that was a replica meanwhile is taken for the one that it was. */
  readonly runAlone?: boolean
  /** A mark is taken off although nobody knows whether the change is kept. */
  readonly settledWhenUnknown?: boolean
}

/** Each with the faults in which it shows soonest; undefined for all. */
export const VARIANTS: readonly (readonly [string, Variant, (readonly FaultKind[])?])[] = [
  ['no mark before the commit', { unmarked: true }],
  ['one flag for all changes under way', { oneFlag: true }],
  ['the stamp read after the load', { stampAfterLoad: true }],
  ['stamps without the epoch', { noEpoch: true }],
  ['no lease', { noLease: true }, ['split']],
  ['no quarantine after a new epoch', { noQuarantine: true }],
  ['loads joined across stamps', { joined: true }],
  ['a change kept in another epoch than its marks', { anyEpoch: true }, ['failOver']],
  ['an epoch begun beside a change under way', { unlocked: true }, ['failOver', 'slowCommits']],
  ['a session store known by its process alone', { runAlone: true }, ['failOverAndBack']],
  ['a mark settled though the commit may follow', { settledWhenUnknown: true }, ['slowCommits']],
]
