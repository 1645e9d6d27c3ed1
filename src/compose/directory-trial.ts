/** Trying the sign-in of a user of the directory step by step, and what the rules would give. */
import type { Settings } from '../config/settings.ts'
import type { TrialStep } from '../domain/base/trial-step.ts'
import { isAllowed, membershipOf, type ProviderRules } from '../domain/single-sign-on/provider-rules.ts'
import type { Trial } from '../ldap/trial.ts'
import { ldapOptionsOf, ldapRulesOf, requireReadable } from './directory.ts'

/** Whether every step works. Throws ConfigurationError for settings that cannot be read. */
export async function tryLdap(
  settings: Settings,
  { name, password, say }: Pick<Trial, 'name' | 'password' | 'say'>,
): Promise<boolean> {
  const options = ldapOptionsOf(settings)
  if (!options) return false
  await requireReadable(options)
  const rules = await ldapRulesOf(settings)
  const { tryDirectory } = await import('../ldap/trial.ts')
  const judge: Trial['judge'] = (identity) => judged(rules, identity)
  return tryDirectory({ options, name, password, judge, say, now: Date.now })
}

function judged(rules: ProviderRules, identity: Parameters<Trial['judge']>[0]): TrialStep[] {
  if (!isAllowed(rules, identity)) {
    return [{ outcome: 'failed', about: 'in none of ldap-allowed-groups, so the sign-in is refused' }]
  }
  const isIn = membershipOf(rules, identity)
  const roles = rules.groupRoles
    .filter(({ group }) => isIn(group))
    .map(({ organization, bucket, role }) =>
      bucket === undefined
        ? `${role} of ${organization}`
        : `${role === 'owner' ? 'write' : 'read'} in ${organization}/${bucket}`,
    )
  const all = rules.operatorGroups.some(isIn) ? ['operator', ...roles] : roles
  const gives = all.length === 0 ? 'the groups give nothing: no rule names one of them' : all.join(', ')
  const signUp = rules.signUp
    ? 'the first sign-in makes a user'
    : 'only users who are linked by an operator come in'
  return [
    {
      outcome: 'ok',
      about: `the groups give: ${gives}`.replace('the groups give: the groups', 'the groups'),
    },
    { outcome: 'ok', about: signUp },
  ]
}
