/** What must hold for the settings of OpenID Connect providers. */
import { isLoopback } from './loopback.ts'
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'

type Provider = Settings['oidc'][number]
type Refusal = string | undefined
type NameOf = (key: string) => string

export function oidcRefusal(settings: Settings, sources: Sources): Refusal {
  const { oidc: all } = settings
  for (const [at, each] of all.entries()) {
    const nameOf: NameOf = (key) => (at === 0 ? `oidc-${key}` : `oidc ${at + 1}: ${key}`)
    const source: Readonly<Record<string, string>> = sources.oidc[at] ?? {}
    const refusal =
      nameRefusal(each, nameOf, source) ??
      issuerRefusal(each, nameOf, source) ??
      refreshRefusal(each, nameOf, settings)
    if (refusal !== undefined) return refusal
  }
  return all.length === 0 ? undefined : (togetherRefusal(all) ?? addressRefusal(settings, sources))
}

function nameRefusal({ name }: Provider, nameOf: NameOf, source: Readonly<Record<string, string>>): Refusal {
  if (/^[a-z0-9-]{1,32}$/.test(name)) return undefined
  return `${nameOf('name')} is ${quoted(name)} (${source.name}); it must be up to 32 small letters, digits and hyphens`
}

/** Issuers that stand for many: of them, anybody with an account anywhere is somebody (CVE-2023-3128). */
export const OF_MANY = /\/(common|organizations|consumers)(\/|$)|\{/

function issuerRefusal(
  { issuer }: Provider,
  nameOf: NameOf,
  source: Readonly<Record<string, string>>,
): Refusal {
  const is = `${nameOf('issuer')} is ${quoted(issuer)} (${source.issuer})`
  if (!isSafeUrl(issuer) || /[?#]/.test(issuer)) {
    return `${is}; it must be an https URL without query, or http on loopback`
  }
  return OF_MANY.test(issuer) ? `${is}, which stands for all tenants; use the issuer of one` : undefined
}

/** https, or http that does not leave this machine. */
export function isSafeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function refreshRefusal(
  { refresh, maxLength }: Provider,
  nameOf: NameOf,
  { secretKeyFile }: Settings,
): Refusal {
  if (refresh === 0) return undefined
  if (secretKeyFile === undefined) {
    return `${nameOf('refresh')} is set but secret-key-file is not; its key encrypts the refresh tokens`
  }
  const SHORTEST_MS = 10_000
  if (refresh < SHORTEST_MS) return `${nameOf('refresh')} is too short; it must be 0 or at least 10s`
  return refresh < maxLength ? undefined : `${nameOf('refresh')} must be shorter than max-length`
}

function togetherRefusal(all: readonly Provider[]): Refusal {
  const names = all.map(({ name }) => name)
  const double = names.find((name, at) => names.indexOf(name) !== at)
  if (double !== undefined)
    return `two oidc tables have the name ${quoted(double)}; each needs one of its own`
  const automatic = all.filter(({ autoRedirect }) => autoRedirect)
  return automatic.length > 1 ? 'oidc has two tables with auto-redirect; one at most can have it' : undefined
}

function addressRefusal({ publicUrl }: Settings, sources: Sources): Refusal {
  if (publicUrl === undefined) {
    return 'oidc is set but public-url is not; the address registered at the provider follows from it'
  }
  if (isSafeUrl(publicUrl)) return undefined
  return `public-url is ${quoted(publicUrl)} (${sources.publicUrl}); with oidc it must be https, or http on loopback`
}
