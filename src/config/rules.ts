/** Rules between settings. */
import { isIP } from 'node:net'
import { basePathOf } from './base-path.ts'
import { jwtRefusal } from './jwt-rules.ts'
import { ldapRefusal } from './ldap-rules.ts'
import { mailRefusal } from './mail-rules.ts'
import { oidcRefusal } from './oidc-rules.ts'
import { ConfigurationError } from './refusals/configuration-error.ts'
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'
import { formatDuration } from './shapes/duration.ts'
import { parseTrustedProxies } from './trusted-proxies.ts'
import { upstreamRefusal } from './upstream-rules.ts'

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`, 'i')

/** The sentence that refuses, or undefined. */
type Refusal = string | undefined

function certificateWithKey({ tlsCert, tlsKey }: Settings, sources: Sources): Refusal {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return undefined
  const [missing, there, source] = tlsCert
    ? ['tls-key', 'tls-cert', sources.tlsCert]
    : ['tls-cert', 'tls-key', sources.tlsKey]
  return `${missing} is not set but ${there} is (${source}); HTTPS needs both`
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

/** Whether a URL is set and says that browsers use TLS. */
export function isHttps(url: string | undefined): boolean {
  return url !== undefined && new URL(url).protocol === 'https:'
}

function publicUrl({ publicUrl: url }: Settings, sources: Sources): Refusal {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return undefined
  return `public-url is ${quoted(url)} (${sources.publicUrl}); it must be a URL such as https://id.example.com`
}

/** WebAuthn Level 3, section 5.1.3, step 8: browsers accept the host of the page or a domain above it. */
function passkeyDomain({ webauthnRpId: id, publicUrl: url }: Settings, sources: Sources): Refusal {
  if (id === undefined) return undefined
  if (url === undefined) return `webauthn-rp-id is set (${sources.webauthnRpId}) but public-url is not`
  const host = new URL(url).hostname
  // No browser accepts one such as `com`, nor with capitals.
  if (id === host || (/^[a-z0-9-]+\./.test(id) && host.endsWith(`.${id}`))) return undefined
  return `webauthn-rp-id is ${quoted(id)} (${sources.webauthnRpId}); it must be ${host}, the host of public-url, or a domain above it such as example.com`
}

function origins(settings: Settings, sources: Sources): Refusal {
  for (const [name, key] of [
    ['allowed-origins', 'allowedOrigins'],
    ['cors-allowed-origins', 'corsAllowedOrigins'],
  ] as const) {
    const wrong = settings[key].find((each) => !isOrigin(each))
    if (wrong !== undefined) {
      return `${name} has ${quoted(wrong)} (${sources[key]}); each must be an origin such as https://app.example.com`
    }
  }
  return undefined
}

function proxies({ trustedProxies }: Settings, sources: Sources): Refusal {
  try {
    parseTrustedProxies(trustedProxies)
    return undefined
  } catch (error) {
    return `trusted-proxies (${sources.trustedProxies}): ${(error as Error).message}`
  }
}

/** RFC 6265, 4.1.1: a name is an HTTP token, a path has neither control characters nor semicolons. */
function cookie({ sessionCookieName: name, sessionCookiePath: path }: Settings, sources: Sources): Refusal {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    return `session-cookie-name is ${quoted(name)} (${sources.sessionCookieName}); it must be letters, digits, - and _`
  }
  if (/^\/[\x20-\x3a\x3c-\x7e]*$/.test(path)) return undefined
  return `session-cookie-path is ${quoted(path)} (${sources.sessionCookiePath}); it must be a path such as /api/`
}

/**
 * Browsers reject a cookie with `SameSite=None` but without `Secure`, one whose name begins with __Secure-, __Http-
 * or __Host- without `Secure`, and a __Host- one whose path is not / (RFC 6265bis, 4.1.3), in any case of the name.
 */
function secureCookie(settings: Settings, sources: Sources): Refusal {
  const { sessionCookieSecure: secure, sessionCookieName: name, sessionCookiePath: path, tlsCert } = settings
  if (/^__Host-/i.test(name) && path !== '/') {
    return `session-cookie-name begins with ${name.slice(0, '__Host-'.length)} (${sources.sessionCookieName}); that needs session-cookie-path / and not ${quoted(path)}`
  }
  const hasTls = tlsCert !== undefined || isHttps(settings.publicUrl)
  if (secure === 'always' || (secure === 'auto' && hasTls)) return undefined
  if (settings.sessionCookieSameSite === 'none') {
    return `session-cookie-same-site is none (${sources.sessionCookieSameSite}); that needs session-cookie-secure always, or TLS`
  }
  if (/^__(Secure|Http|Host)-/i.test(name)) {
    return `session-cookie-name begins with ${name.slice(0, name.indexOf('-') + 1)} (${sources.sessionCookieName}); that needs session-cookie-secure always, or TLS`
  }
  return undefined
}

function postgres({ store, postgresUrl: url }: Settings, sources: Sources): Refusal {
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    return `postgres-url (${sources.postgresUrl}) must be a URL such as postgres://sluice@db.example.com/sluice`
  }
  if (store !== 'postgres' || url !== undefined) return undefined
  return `store is postgres (${sources.store}) but postgres-url is not set`
}

function sessionLengths({ sessionLength, sessionMaxLength }: Settings, sources: Sources): Refusal {
  if (sessionLength <= sessionMaxLength) return undefined
  return `session-length is ${formatDuration(sessionLength)} (${sources.sessionLength}) but session-max-length is ${formatDuration(sessionMaxLength)} (${sources.sessionMaxLength}); the first must not be longer, or leave one of them out`
}

function isRedisUrl(text: string): boolean {
  return URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)
}

function redis(settings: Settings, sources: Sources): Refusal {
  const { sessionStore, redisUrl: url, redisSentinels: sentinels, store } = settings
  if (url !== undefined && !isRedisUrl(url)) {
    return `redis-url (${sources.redisUrl}) must be a URL such as redis://cache.example.com:6379/0, or rediss:// for TLS`
  }
  const wrong = sentinels.find((each) => !/^(\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):\d{1,5}$/.test(each))
  if (wrong !== undefined) {
    return `redis-sentinels has ${quoted(wrong)} (${sources.redisSentinels}); each must be HOST:PORT such as sentinel1.example.com:26379`
  }
  if (sessionStore !== 'redis') return undefined
  if (url === undefined && sentinels.length === 0) {
    return `session-store is redis (${sources.sessionStore}) but neither redis-url nor redis-sentinels is set`
  }
  if (store === 'postgres') return undefined
  return `session-store is redis (${sources.sessionStore}) but store is ${store} (${sources.store}); nodes that share sessions must share what sessions are held against, so store must be postgres`
}

function ui({ ui: chosen, upstream: all }: Settings, sources: Sources): Refusal {
  if (chosen === 'console' || all.some(({ kind }) => kind === 'influxdb2')) return undefined
  return `ui is ${chosen} (${sources.ui}) but no upstream is set; set upstream-url to the InfluxDB whose UI it is, or leave ui out`
}

/** Refuses an entry that is not a host: it would match no address, or too many. */
function returnHosts({ allowedReturnHosts: hosts }: Settings, sources: Sources): Refusal {
  const wrong = hosts.find((each) => !RETURN_HOST.test(each))
  if (wrong === undefined) return undefined
  return `allowed-return-hosts has ${quoted(wrong)} (${sources.allowedReturnHosts}); each must be a host such as grafana.example.com, or *.example.com`
}

/** A wildcard needs a domain of two or more labels: `*.com` would let browsers return to nearly any site. */
const RETURN_HOST = new RegExp(
  `^(?:\\*\\.${LABEL}(?:\\.${LABEL})+|${LABEL}(?:\\.${LABEL})*(?::\\d{1,5})?|\\[[0-9a-f:.]+\\](?::\\d{1,5})?)$`,
  'i',
)

/** Browsers drop a cookie whose domain is no name with a dot, or does not hold the host that sets it (RFC 6265, 5.3). */
function cookieDomain(settings: Settings, sources: Sources): Refusal {
  const { sessionCookieDomain: domain, sessionCookieName: name, publicUrl: url } = settings
  if (domain === undefined) return undefined
  const subject = `session-cookie-domain is ${quoted(domain)} (${sources.sessionCookieDomain})`
  if (!DOMAIN.test(domain) || isIP(domain) !== 0) return `${subject}; it must be a domain such as example.com`
  if (/^__Host-/i.test(name)) return `${subject}, which a cookie whose name begins with __Host- must not have`
  const host = url === undefined ? undefined : new URL(url).hostname
  if (host === undefined || `.${host}`.endsWith(`.${domain.toLowerCase()}`)) return undefined
  return `${subject} but public-url has the host ${quoted(host)} (${sources.publicUrl}), which is not below it`
}

/** The first segments of paths that the server or its console has itself. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['api', 'health', 'ready', 'ping', 'metrics', 'query', 'write', 'debug', 'private', 'legacy'],
  ...['docs', 'assets', 'console', 'overview', 'account', 'people', 'organizations', 'tokens', 'audit'],
  ...['signin', 'signout', 'setup', 'sessions', 'upstream', 'influx', 'federate', 'prometheus', 'snapshot'],
])

function basePath(settings: Settings, sources: Sources): Refusal {
  const { basePath: given, publicUrl: url, ui: chosen } = settings
  const base = basePathOf(settings)
  if (base === '') return undefined
  const subject =
    given === undefined ? `the path of public-url (${sources.publicUrl})` : `base-path (${sources.basePath})`
  if (!/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/.test(base)) {
    return `${subject} is ${quoted(base)}; it must be a path of letters, digits, -, . and _, such as /sluice`
  }
  if (TAKEN.has(base.split('/')[1] ?? '')) {
    return `${subject} begins like a path of the server itself (${quoted(base)}); choose another one, such as /sluice`
  }
  if (
    given !== undefined &&
    url !== undefined &&
    basePathOf({ basePath: undefined, publicUrl: url }) !== base
  ) {
    return `base-path is ${quoted(base)} (${sources.basePath}) but public-url has another path (${sources.publicUrl}); leave base-path out`
  }
  if (chosen === 'influxdb') {
    return `ui is influxdb (${sources.ui}), which works at the root of a host only; leave out ${subject}`
  }
  return undefined
}

const RULES = [
  sessionLengths,
  postgres,
  redis,
  certificateWithKey,
  publicUrl,
  passkeyDomain,
  basePath,
  origins,
  returnHosts,
  proxies,
  cookie,
  secureCookie,
  cookieDomain,
  upstreamRefusal,
  mailRefusal,
  oidcRefusal,
  jwtRefusal,
  ldapRefusal,
  ui,
]

/** Throws ConfigurationError with the first rule that is broken. */
export function checkRules(settings: Settings, sources: Sources): void {
  for (const rule of RULES) {
    const refusal = rule(settings, sources)
    if (refusal !== undefined) throw new ConfigurationError(refusal)
  }
}
