/** What a second factor means for a sign-in whose first one was right. */
import { isFactorRequiredOf, type SecondFactorOptions } from '../access/required-factor.ts'
import type { ID } from '../base/id.ts'
import type { Change } from '../changes.ts'
import type { RecoveryCodeStore, SecondFactorStore } from '../records/second-factor.ts'
import { methodsOf, type PendingSignIns, type SecondFactorDueError } from './pending-sign-in.ts'

export interface DueFactor {
  /** The error to throw if the user has a factor, with which the sign-in goes on; undefined if none is due. */
  of(started: Parameters<PendingSignIns['begin']>[0]): Promise<SecondFactorDueError | undefined>
  /**
   * Within the change that starts a session with one factor: counts the sign-in if the user must have a second one.
   * False if the user has enrolled one meanwhile.
   */
  confirmNone(change: Change, userID: ID): Promise<boolean>
}

export function createDueFactor(deps: {
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  recoveryCodes: Pick<RecoveryCodeStore, 'left'>
  pendingSignIns: Pick<PendingSignIns, 'begin'>
  secondFactor: SecondFactorOptions
}): DueFactor {
  return {
    async of(started) {
      const factors = await deps.secondFactors.ofUser(started.userID)
      if (factors.length === 0) return undefined
      const methods = methodsOf(factors, await deps.recoveryCodes.left(started.userID))
      return deps.pendingSignIns.begin(started, methods)
    },
    async confirmNone(change, userID) {
      if (await change.secondFactors.hasAny(userID)) return false
      if (await isFactorRequiredOf(userID, deps.secondFactor.rule, change)) {
        await change.factorHolders.countGrace(userID)
        change.affects(userID)
      }
      return true
    },
  }
}
