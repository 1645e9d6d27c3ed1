/** What must hold for the settings of issuers of external tokens, and of the rules for their tokens. */
import { isSafeUrl, OF_MANY } from './oidc-rules.ts'
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'

type Issuer = Settings['jwtIssuer'][number]
type Refusal = string | undefined
type NameOf = (key: string) => string

export function jwtRefusal(settings: Settings, sources: Sources): Refusal {
  const { jwtIssuer: issuers, jwtRule: rules } = settings
  for (const [at, each] of issuers.entries()) {
    const nameOf: NameOf = (key) => (at === 0 ? `jwt-issuer-${key}` : `jwt-issuer ${at + 1}: ${key}`)
    const source: Readonly<Record<string, string>> = sources.jwtIssuer[at] ?? {}
    const refusal =
      nameRefusal(each, nameOf, source) ??
      urlRefusal(each, nameOf, source) ??
      audienceRefusal(each, nameOf, settings)
    if (refusal !== undefined) return refusal
  }
  const names = issuers.map(({ name }) => name)
  return (
    doubleRefusal(issuers) ??
    rules.map((rule, at) => ruleRefusal(rule, at, names)).find((each) => each !== undefined) ??
    withoutRule(names, rules)
  )
}

function nameRefusal({ name }: Issuer, nameOf: NameOf, source: Readonly<Record<string, string>>): Refusal {
  if (/^[a-z0-9-]{1,32}$/.test(name)) return undefined
  return `${nameOf('name')} is ${quoted(name)} (${source.name}); it must be up to 32 small letters, digits and hyphens`
}

function urlRefusal(
  { url, keysUrl, keysFile }: Issuer,
  nameOf: NameOf,
  source: Readonly<Record<string, string>>,
): Refusal {
  const is = `${nameOf('url')} is ${quoted(url)} (${source.url})`
  if (!isSafeUrl(url) || /[?#]/.test(url)) {
    return `${is}; it must be an https URL without query, or http on loopback`
  }
  if (OF_MANY.test(url)) return `${is}, which stands for all tenants; use the issuer of one`
  if (keysUrl === undefined) return undefined
  if (keysFile !== undefined) return `${nameOf('keys-url')} and keys-file are both set; leave one out`
  if (isSafeUrl(keysUrl)) return undefined
  return `${nameOf('keys-url')} is ${quoted(keysUrl)} (${source.keysUrl}); it must be an https URL, or http on loopback`
}

/** An ID token of a browser's sign-in has the client id as its audience, and must not count as a program's token. */
function audienceRefusal({ url, audience }: Issuer, nameOf: NameOf, { oidc }: Settings): Refusal {
  if (audience.trim() === '') return `${nameOf('audience')} is empty; name what stands for this server alone`
  const client = oidc.find((each) => each.issuer === url && each.clientId === audience)
  if (!client) return undefined
  return `${nameOf('audience')} is the client-id of the oidc provider ${client.name}, whose ID tokens would count as tokens of programs; choose another audience`
}

/** Several clusters may have one issuer, since most name it kubernetes.default.svc; their audiences tell them apart. */
function doubleRefusal(issuers: readonly Issuer[]): Refusal {
  const isDouble = (key: (issuer: Issuer) => string) => {
    const all = issuers.map(key)
    return all.find((each, at) => all.indexOf(each) !== at)
  }
  const name = isDouble((each) => each.name)
  if (name !== undefined)
    return `two jwt-issuer tables have the name ${quoted(name)}; each needs one of its own`
  const pair = isDouble(({ url, audience }) => `${url} ${audience}`)
  return pair === undefined
    ? undefined
    : 'two jwt-issuer tables have the same url and audience; give them different audiences'
}

function ruleRefusal(
  { issuer, gives }: Settings['jwtRule'][number],
  at: number,
  names: readonly string[],
): Refusal {
  const nameOf: NameOf = (key) => (at === 0 ? `jwt-rule-${key}` : `jwt-rule ${at + 1}: ${key}`)
  if (!names.includes(issuer)) {
    const known = names.join(', ') || 'none'
    return `${nameOf('issuer')} is ${quoted(issuer)}, which no jwt-issuer is called; there are: ${known}`
  }
  return gives.length > 0
    ? undefined
    : `${nameOf('gives')} is empty; name what the rule gives, such as ORG/BUCKET:write`
}

function withoutRule(names: readonly string[], rules: Settings['jwtRule']): Refusal {
  const idle = names.find((name) => !rules.some(({ issuer }) => issuer === name))
  return idle === undefined
    ? undefined
    : `no jwt-rule has the issuer ${quoted(idle)}, so its tokens would give nothing`
}
