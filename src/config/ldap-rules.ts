/** What must hold between the settings of the directory. */
import { isLoopback } from './loopback.ts'
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'
import { formatDuration } from './shapes/duration.ts'

type Refusal = string | undefined

const MINUTE_MS = 60_000

export function ldapRefusal(settings: Settings, sources: Sources): Refusal {
  if (settings.ldapUrls.length === 0) return unusedRefusal(settings, sources)
  return (
    urlRefusal(settings, sources) ??
    accountRefusal(settings, sources) ??
    templateRefusal(settings, sources) ??
    groupRefusal(settings, sources) ??
    intervalRefusal(settings, sources)
  )
}

/** Settings of a directory without one were meant to do something. */
function unusedRefusal(settings: Settings, sources: Sources): Refusal {
  const names = ['ldapBaseDn', 'ldapBindDn', 'ldapBindTemplate'] as const
  const set = names.find((name) => settings[name] !== undefined)
  if (set === undefined) return undefined
  const flag = set.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `${flag} is set (${sources[set]}) but ldap-urls is not; name the servers of the directory`
}

function urlRefusal({ ldapUrls: urls, ldapStartTls: startTls }: Settings, sources: Sources): Refusal {
  // Not shown: what stands before the @ may be a password.
  if (urls.some((each) => each.includes('@'))) {
    return `ldap-urls (${sources.ldapUrls}) has a name or password in it; set ldap-bind-dn and ldap-bind-password-file`
  }
  const wrong = urls.find((each) => !isBareUrl(each))
  if (wrong !== undefined) {
    return `ldap-urls has ${quoted(wrong)} (${sources.ldapUrls}); each must be ldaps://HOST:PORT or ldap://HOST:PORT`
  }
  const plain = urls.find(
    (each) => !startTls && each.startsWith('ldap:') && !isLoopback(new URL(each).hostname),
  )
  if (plain === undefined) return undefined
  return `ldap-start-tls is off (${sources.ldapStartTls}) but ldap-urls has ${quoted(plain)} (${sources.ldapUrls}); passwords would be sent for everybody to read, so use ldaps:// or STARTTLS`
}

function isBareUrl(text: string): boolean {
  return (
    /^ldaps?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?\/?$/.test(text) && URL.canParse(text)
  )
}

function accountRefusal(settings: Settings, sources: Sources): Refusal {
  const { ldapBaseDn, ldapBindDn, ldapBindPassword, ldapBindPasswordFile } = settings
  if (ldapBaseDn === undefined) {
    return `ldap-urls is set (${sources.ldapUrls}) but ldap-base-dn is not; it says below which entry users are`
  }
  if (!ldapBaseDn.includes('=')) {
    return `ldap-base-dn is ${quoted(ldapBaseDn)} (${sources.ldapBaseDn}); it must be a distinguished name such as dc=example,dc=com`
  }
  const hasPassword = ldapBindPassword !== undefined || ldapBindPasswordFile !== undefined
  if ((ldapBindDn === undefined) === !hasPassword) return undefined
  return ldapBindDn === undefined
    ? 'ldap-bind-password is set but ldap-bind-dn is not; a password needs the account that it belongs to'
    : `ldap-bind-dn is set (${sources.ldapBindDn}) but neither ldap-bind-password-file nor ldap-bind-password is`
}

function templateRefusal(settings: Settings, sources: Sources): Refusal {
  const { ldapUserFilter: filter, ldapBindTemplate: template } = settings
  if (!filter.includes('{name}')) {
    return `ldap-user-filter is ${quoted(filter)} (${sources.ldapUserFilter}); it must have {name} in it, or everybody would be found by any name`
  }
  if (template === undefined || isBindTemplate(template)) return undefined
  return `ldap-bind-template is ${quoted(template)} (${sources.ldapBindTemplate}); it must be a distinguished name such as uid={name},ou=people,dc=example,dc=com, or {name}@example.com`
}

function isBindTemplate(text: string): boolean {
  return /^\{name\}@[A-Za-z0-9.-]+$/.test(text) || /^[A-Za-z][A-Za-z0-9-]*=\{name\},.+=.+$/.test(text)
}

function groupRefusal(settings: Settings, sources: Sources): Refusal {
  const { ldapGroupFilter: filter, ldapGroups, ldapNestedGroups: nested } = settings
  if (!/\{(?:dn|name)\}/.test(filter)) {
    return `ldap-group-filter is ${quoted(filter)} (${sources.ldapGroupFilter}); it must have {dn} or {name} in it, or everybody would be in all groups`
  }
  const isExpandable = ldapGroups === 'member-of' || filter.includes('{dn}')
  if (nested !== 'expand' || isExpandable) return undefined
  return `ldap-nested-groups is expand (${sources.ldapNestedGroups}); that needs {dn} in ldap-group-filter`
}

function intervalRefusal({ ldapRecheckInterval: interval }: Settings, sources: Sources): Refusal {
  if (interval === 0 || interval >= MINUTE_MS) return undefined
  return `ldap-recheck-interval is ${formatDuration(interval)} (${sources.ldapRecheckInterval}); it must be 0 or at least 1m`
}
