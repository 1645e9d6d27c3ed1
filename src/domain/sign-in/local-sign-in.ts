/** Who may sign in with a password of this server beside the providers: the way in while a provider is away. */
import { forbidden, type SluiceError } from '../base/errors.ts'
import { INSTANCE_ID, type MembershipStore } from '../records/membership.ts'
import { nameKey } from '../records/name-key.ts'
import type { User } from '../records/user.ts'

/** `operators`: owners of the instance; `named`: the users of a list. */
export type LocalSignInRule = 'all' | 'operators' | 'named' | 'none'

export interface LocalSignInOptions {
  readonly rule: LocalSignInRule
  /** For `named`; compared as user names are. */
  readonly names: readonly string[]
}

export interface LocalSignIn {
  /** Ask it only once the password was right, so that the answer tells nothing to others. */
  allows(user: User): Promise<boolean>
  refusal(): SluiceError
}

export function createLocalSignIn(deps: {
  memberships: Pick<MembershipStore, 'ofUser'>
  options: LocalSignInOptions
}): LocalSignIn {
  const { rule, names } = deps.options
  const named = new Set(names.map(nameKey))
  return {
    async allows(user) {
      if (rule === 'all') return true
      if (rule === 'named') return named.has(nameKey(user.name))
      if (rule === 'none') return false
      const held = await deps.memberships.ofUser(user.id)
      return held.some(
        ({ resourceType, resourceID, role }) =>
          resourceType === 'instance' && resourceID === INSTANCE_ID && role === 'owner',
      )
    },
    refusal: () =>
      forbidden('local-sign-in-off', 'your password does not sign in here; sign in through your provider'),
  }
}
