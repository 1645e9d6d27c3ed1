/** Using a factor up within the change that starts the session, and what happens if that fails. */
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { SluiceError } from '../base/errors.ts'
import type { Change } from '../changes.ts'
import type { SecondFactor } from '../records/second-factor.ts'
import { factorTarget } from '../second-factors/factor-rules.ts'
import type { RightPasskey } from '../second-factors/passkey-check.ts'

/** Within the change, uses the factor up. Throws `FactorUsedError` if it was used or removed meanwhile. */
export type UseFactor = (change: Change) => Promise<void>

/** The factor was used or removed meanwhile. */
export class FactorUsedError extends Error {
  /** The passkey whose counter did not rise; undefined for every other reason. */
  readonly copied: SecondFactor | undefined

  constructor(copied?: SecondFactor) {
    super('the factor was used or removed meanwhile')
    this.copied = copied
  }
}

export function usePasskey({ factor, use }: RightPasskey): UseFactor {
  return async (change) => {
    const outcome = await use(change)
    if (outcome !== 'used') throw new FactorUsedError(outcome === 'copied' ? factor : undefined)
  }
}

/** Records that a passkey seems to have a copy, after the change that would have used it was rolled back. */
export function recordCopy(
  audit: Pick<AuditTrail, 'refuse'>,
  { copied }: FactorUsedError,
  { error, origin }: { error: SluiceError; origin: RequestOrigin },
): void {
  if (!copied) return
  const actor = { userID: copied.userID }
  audit.refuse(error, { event: 'factor.copied', actor, target: factorTarget(copied), origin })
}
