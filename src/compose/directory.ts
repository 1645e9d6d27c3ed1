/** The LDAP directory: what the settings say about it, signing in by it, and looking its users up again. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import type { Directory } from '../domain/records/directory.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { OutsideIdentity } from '../domain/records/outside-identity.ts'
import type { SignInRequest } from '../domain/sign-in/password-sign-in.ts'
import { createDirectoryRecheck } from '../domain/single-sign-on/directory-recheck.ts'
import type { ProviderRules } from '../domain/single-sign-on/provider-rules.ts'
import type { OutsideSignInRequest } from '../domain/single-sign-on/sign-in-outside.ts'
import type { LdapDirectory } from '../ldap/directory.ts'
import type { LdapOptions } from '../ldap/options.ts'
import type { ComposedDomain } from './domain.ts'
import { readSettingFile } from './setting-file.ts'
import { providerRulesOf } from './single-sign-on.ts'

export interface DirectoryLink {
  readonly directory: Directory
  readonly rules: ProviderRules
  /** Whether its users are looked up again, so that a session may be a long one. */
  readonly isRechecked: boolean
}

/** Throws ConfigurationError for what cannot be read, or what the directory says cannot work. */
export async function openDirectory(
  settings: Settings,
  deps: { now: Clock; log: Log },
): Promise<(DirectoryLink & { readonly directory: LdapDirectory; readonly recheckMs: number }) | undefined> {
  const options = ldapOptionsOf(settings)
  if (!options) return undefined
  // Loaded only if there is a directory.
  const { canLookUp, createLdapDirectory } = await import('../ldap/directory.ts')
  await requireReadable(options)
  const rules = await ldapRulesOf(settings)
  const directory = createLdapDirectory(options, deps)
  // A directory that is away delays no start; the rule is checked on each new connection as well.
  const problem = options.groups.nested === 'chain' ? await directory.problem() : undefined
  if (problem !== undefined) {
    directory.close()
    throw new ConfigurationError(problem)
  }
  const recheckMs = settings.ldapRecheckInterval
  const isRechecked = recheckMs > 0 && canLookUp(options)
  if (recheckMs > 0 && !isRechecked) {
    deps.log.warn(
      'users of the directory are not looked up again, since ldap-bind-template is set without ldap-bind-dn',
    )
  }
  return { directory, rules, recheckMs, isRechecked }
}

/** The sign-in of somebody whose password the directory has checked. */
export function directorySignIn(
  link: DirectoryLink | undefined,
  identity: OutsideIdentity,
  { remember, ...request }: Omit<SignInRequest, 'credentials'>,
): OutsideSignInRequest {
  if (!link) throw new TypeError('a directory that is not there has checked a password')
  const { rules, isRechecked } = link
  // A remembered session would outlast every group without the recheck.
  return { ...request, identity, method: 'ldap', rules, remember: remember && isRechecked }
}

/** Looks the users up again at every interval, until `stop`. */
export function startDirectoryRecheck(
  link: Awaited<ReturnType<typeof openDirectory>>,
  deps: { store: IdentityStore; domain: ComposedDomain; log: Log },
): { stop(): Promise<void> } {
  if (!link?.isRechecked) return { stop: async () => link?.directory.close() }
  const { store, domain, log } = deps
  const { endOutside, provideMemberships, changes } = domain
  const recheck = createDirectoryRecheck({
    ...{ ...link, ...store, endOutside, provideMemberships, changes, log },
  })
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    running ??= recheck.run().finally(() => {
      running = undefined
    })
  }, link.recheckMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      link.directory.close()
      await running
    },
  }
}

/** The rules of `providerRulesOf` for the directory's groups. */
export async function ldapRulesOf(settings: Settings): Promise<ProviderRules> {
  const { foldDn, foldValue } = await import('../ldap/names.ts')
  const groups = [...settings.ldapAllowedGroups, ...settings.ldapOperatorGroups]
  const wrong = groups.find((each) => each.includes('=') && foldDn(each) === undefined)
  if (wrong !== undefined) {
    throw new ConfigurationError(
      `ldap: ${JSON.stringify(wrong)} is neither the distinguished name nor the cn of a group; names with commas need a list in a file`,
    )
  }
  return providerRulesOf(
    {
      signUp: settings.ldapSignUp,
      allowedGroups: settings.ldapAllowedGroups,
      ...{ allowedDomains: [], allowedClaims: [] },
      groupRoles: settings.ldapGroupRoles,
      operatorGroups: settings.ldapOperatorGroups,
    },
    {
      secondFactor: 'local',
      canonicalGroup: (group) => (group.includes('=') ? (foldDn(group) ?? group) : foldValue(group)),
    },
    'ldap',
  )
}

/** Throws ConfigurationError for filters and names that cannot be read. */
export async function requireReadable(options: LdapOptions): Promise<void> {
  const { optionsProblem } = await import('../ldap/check-options.ts')
  const problem = optionsProblem(options)
  if (problem !== undefined) throw new ConfigurationError(problem)
}

/** Undefined without a directory. Throws ConfigurationError for files that cannot be read. */
export function ldapOptionsOf(settings: Settings): LdapOptions | undefined {
  const { ldapUrls: urls, ldapBaseDn: baseDn } = settings
  if (urls.length === 0 || baseDn === undefined) return undefined
  const { ldapBindPassword, ldapBindPasswordFile } = settings
  const options: LdapOptions = {
    ...{ urls, startTls: settings.ldapStartTls, timeoutMs: settings.ldapTimeout },
    ca: settings.ldapCaFile === undefined ? undefined : readSettingFile('ldap-ca-file', settings.ldapCaFile),
    bindDn: settings.ldapBindDn,
    bindPassword: () =>
      ldapBindPasswordFile === undefined
        ? ldapBindPassword
        : readSettingFile('ldap-bind-password-file', ldapBindPasswordFile).replace(/\r?\n$/, ''),
    ...{ baseDn, userFilter: settings.ldapUserFilter, bindTemplate: settings.ldapBindTemplate },
    ...{ nameAttribute: settings.ldapNameAttribute, idAttribute: settings.ldapIdAttribute },
    ...{ emailAttribute: settings.ldapEmailAttribute, disabledFilter: settings.ldapDisabledFilter },
    groups: {
      ...{ from: settings.ldapGroups, attribute: settings.ldapGroupAttribute },
      ...{ baseDn: settings.ldapGroupBaseDn ?? baseDn, filter: settings.ldapGroupFilter },
      nested: settings.ldapNestedGroups,
    },
  }
  // Now rather than at the first sign-in.
  options.bindPassword()
  return options
}
