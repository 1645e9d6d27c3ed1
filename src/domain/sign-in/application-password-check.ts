import type { Clock } from '../base/clock.ts'
import { unauthorized } from '../base/errors.ts'
import type { SwitchedOffTokenStore } from '../records/outside-identity.ts'
import type { ApplicationPassword, ApplicationPasswordStore } from '../records/second-factor.ts'
import type { User } from '../records/user.ts'
import { hashOneTimeCode, isApplicationPassword } from '../second-factors/one-time-codes.ts'
import type { SessionStart } from './start-session.ts'

/**
 * How a session starts if the password is one of the user's application passwords; undefined for every other text. No
 * guess is counted: like a token, it has too many bits to be guessed, and a guesser must not stop a client.
 */
export type ApplicationPasswordCheck = (
  user: User,
  password: Uint8Array,
) => Promise<Pick<SessionStart, 'authentication' | 'confirm'> | undefined>

export function createApplicationPasswordCheck(deps: {
  applicationPasswords: Pick<ApplicationPasswordStore, 'find'>
  switchedOffTokens: Pick<SwitchedOffTokenStore, 'has'>
  now: Clock
}): ApplicationPasswordCheck {
  const isInForce = ({ expiresAt = Number.POSITIVE_INFINITY }: ApplicationPassword) => expiresAt > deps.now()
  return async (user, password) => {
    const text = Buffer.from(password).toString()
    if (!isApplicationPassword(text)) return undefined
    const hash = hashOneTimeCode(text)
    const found = await deps.applicationPasswords.find(user.id, hash)
    if (!found || !isInForce(found) || (await deps.switchedOffTokens.has(found.id))) return undefined
    return {
      authentication: { method: `application-password-${found.access}`, level: 'one-factor' },
      async confirm(change) {
        // It may have been removed meanwhile.
        const present = await change.applicationPasswords.find(user.id, hash)
        if (!present) throw unauthorized('wrong-credentials')
        await change.applicationPasswords.noteUse(present.id, deps.now())
      },
    }
  }
}
