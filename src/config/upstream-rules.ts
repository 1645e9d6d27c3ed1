/** What must hold between the settings of upstreams. */
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'

type Upstream = Settings['upstream'][number]
type Refusal = string | undefined

/** The name of a key of a table as a sentence names it: that of the first as the flag is called. */
type NameOf = (key: string) => string

export function upstreamRefusal({ upstream: all }: Settings, { upstream: sources }: Sources): Refusal {
  for (const [at, each] of all.entries()) {
    const nameOf: NameOf = (key) => (at === 0 ? `upstream-${key}` : `upstream ${at + 1}: ${key}`)
    const source = sources[at] ?? {}
    const refusal =
      addressRefusal(each, nameOf, source) ??
      certificateRefusal(each, nameOf, source) ??
      (each.kind === 'influxdb2' ? influxdb2Refusal(each, nameOf) : databasesRefusal(each, nameOf))
    if (refusal !== undefined) return refusal
  }
  return togetherRefusal(all)
}

type SourceOf = Readonly<Record<string, string>>

function addressRefusal({ url }: Upstream, nameOf: NameOf, source: SourceOf): Refusal {
  // Not shown: what stands before the @ is often a password.
  if (/^[a-z]+:\/\/[^/]*@/i.test(url)) {
    return `${nameOf('url')} (${source.url}) has a name or password in it; leave them out and set upstream-token`
  }
  if (isBareUrl(url)) return undefined
  return `${nameOf('url')} is ${quoted(url)} (${source.url}); it must be a URL without a path, such as http://127.0.0.1:8087`
}

/** http or https, host and port, and nothing that could hold a credential or a path. */
function isBareUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, origin, href } = new URL(text)
  return /^https?:$/.test(protocol) && href === `${origin}/`
}

function certificateRefusal(
  { clientCertFile: cert, clientKeyFile: key }: Upstream,
  nameOf: NameOf,
  source: SourceOf,
): Refusal {
  if ((cert === undefined) === (key === undefined)) return undefined
  const [missing, there, from] = cert
    ? ['client-key-file', 'client-cert-file', source.clientCertFile]
    : ['client-cert-file', 'client-key-file', source.clientKeyFile]
  return `${nameOf(missing)} is not set but ${nameOf(there)} is (${from}); a client certificate needs both`
}

function influxdb2Refusal(upstream: Upstream, nameOf: NameOf): Refusal {
  if (upstream.token === undefined && upstream.tokenFile === undefined) {
    return `${nameOf('token')} or ${nameOf('token-file')} is missing; an influxdb2 needs an operator token`
  }
  if (upstream.org === undefined && upstream.username === undefined) return undefined
  return `${nameOf(upstream.org === undefined ? 'username' : 'org')} is set; an influxdb2 has organizations of its own and takes a token`
}

function databasesRefusal(upstream: Upstream, nameOf: NameOf): Refusal {
  const { kind, org, username, token, tokenFile } = upstream
  if (!org) return `${nameOf('org')} is missing; the databases of ${kind} are buckets of one organization`
  if (kind === 'influxdb3') {
    if (token === undefined && tokenFile === undefined) {
      return `${nameOf('token')} or ${nameOf('token-file')} is missing; an influxdb3 needs an admin token`
    }
    return username === undefined ? undefined : `${nameOf('username')} is set; an influxdb3 takes a token`
  }
  if (token !== undefined || tokenFile !== undefined) {
    return `${nameOf('token')} is set; ${kind} takes username and password, or nothing`
  }
  const hasPassword = upstream.password !== undefined || upstream.passwordFile !== undefined
  if ((username !== undefined) === hasPassword) return undefined
  return `${nameOf('username')} and ${nameOf('password')} must both be set, or neither`
}

function togetherRefusal(all: readonly Upstream[]): Refusal {
  if (all.filter(({ kind }) => kind === 'influxdb2').length > 1) {
    return 'upstream has two tables with the kind influxdb2; one is supported'
  }
  const names = all.flatMap(({ name }) => name ?? [])
  const kinds = new Set<string>(all.filter(({ name }) => name === undefined).map(({ kind }) => kind))
  const twice = duplicateIn(names)
  if (twice !== undefined) return `two upstreams have the name ${quoted(twice)}; each needs one of its own`
  const taken = names.find((name) => kinds.has(name))
  if (taken !== undefined) {
    return `an upstream has the name ${quoted(taken)}, which stands for the one of that kind without a name; give it another one`
  }
  const organizations = all.flatMap(({ org }) => org ?? [])
  const hosts = all.flatMap((each) => each.hosts.map((host) => host.toLowerCase()))
  const double = duplicateIn(organizations)
  if (double !== undefined) return `two upstreams have the org ${quoted(double)}; each needs one of its own`
  const host = duplicateIn(hosts)
  return host === undefined
    ? undefined
    : `two upstreams have the host ${quoted(host)}; each needs hosts of its own`
}

function duplicateIn(texts: readonly string[]): string | undefined {
  return texts.find((text, at) => texts.indexOf(text) !== at)
}
