import type { Settings } from '../config/settings.ts'
import { commonPasswords } from '../domain/passwords/common-passwords.ts'
import { createPasswordPolicy, type PasswordPolicy } from '../domain/passwords/password-policy.ts'

/** The policy that settings ask for; InfluxDB's own flag is another word for `strong`. */
export function policyOf(settings: Pick<Settings, 'passwordPolicy' | 'strongPasswords'>): PasswordPolicy {
  const policy = settings.strongPasswords ? 'strong' : settings.passwordPolicy
  return createPasswordPolicy({ policy, commonPasswords })
}
