/** OpenID Connect: providers from the settings, and the services that sign in through them. */
import { basePathOf } from '../config/base-path.ts'
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { OutsideProvider } from '../domain/records/outside-provider.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'
import { createBackChannelLogout } from '../domain/single-sign-on/back-channel.ts'
import type { ConfiguredProvider, ConfiguredProviders } from '../domain/single-sign-on/configured-provider.ts'
import { createRefreshDue } from '../domain/single-sign-on/provider-refresh.ts'
import { parseClaimRule } from '../domain/single-sign-on/provider-rules.ts'
import { createProviderSignIn } from '../domain/single-sign-on/provider-sign-in.ts'
import { createProviderSignOut } from '../domain/single-sign-on/provider-sign-out.ts'
import type { ProviderOptions } from '../oidc/provider.ts'
import type { ComposedDomain } from './domain.ts'
import { consolePathOf } from './pages.ts'
import type { SessionBackend } from './session-backend.ts'
import { readSettingFile } from './setting-file.ts'
import { providerRulesOf } from './single-sign-on.ts'

export type OidcSettings = Settings['oidc'][number]

export interface OpenProviders {
  readonly providers: ConfiguredProviders
  close(): Promise<void>
}

/**
 * Opens the providers of the settings, without asking any of them for anything. Throws ConfigurationError for a file
 * that cannot be read and for rules that cannot be.
 */
export async function openProviders(
  settings: Pick<Settings, 'oidc' | 'publicUrl' | 'basePath'> & Parameters<typeof consolePathOf>[0],
  { now }: { now: Clock },
): Promise<OpenProviders> {
  if (settings.oidc.length === 0) return { providers: new Map(), close: async () => {} }
  // Only here, so that a start without providers is as quick as before.
  const { createProvider } = await import('../oidc/provider.ts')
  const opened = settings.oidc.map((each) => {
    return { settings: each, provider: createProvider(providerOptions(each, settings), { now }) }
  })
  return {
    providers: new Map(opened.map(({ settings: each, provider }) => [each.name, configured(each, provider)])),
    close: async () => void (await Promise.all(opened.map(({ provider }) => provider.close()))),
  }
}

function configured(settings: OidcSettings, provider: OutsideProvider): ConfiguredProvider {
  const { name, label = name, autoRedirect, logout, refresh, maxLength, secondFactor } = settings
  return {
    ...{ provider, label, autoRedirect, endsThere: logout === 'provider' },
    rules: providerRulesOf(settings, { secondFactor }, `oidc ${name}`),
    ...{ refreshMs: refresh, maxLengthMs: maxLength },
  }
}

export function providerOptions(
  each: OidcSettings,
  settings: Pick<Settings, 'publicUrl' | 'basePath'> & Parameters<typeof consolePathOf>[0],
): ProviderOptions {
  const { name, issuer, scopes, userinfo } = each
  const own = new URL(settings.publicUrl ?? 'http://127.0.0.1').origin
  return {
    ...{ name, issuer, clientID: each.clientId, scopes, userinfo, clientSecret: secretOf(each) },
    ca: each.caFile === undefined ? undefined : readSettingFile(`oidc ${name}: ca-file`, each.caFile),
    ...{ timeoutMs: each.timeout, toleranceMs: each.clockTolerance, maxAgeMs: each.maxAge },
    claims: { username: each.usernameClaim, groups: each.groupsClaim, needed: neededClaims(each) },
    redirectUri: `${own}${basePathOf(settings)}/api/v2/signin/oidc/${name}/callback`,
    postLogoutRedirectUri: `${own}${consolePathOf(settings)}signin?out=1`,
  }
}

/** What `allowed-domains` and `allowed-claims` look at. A rule that cannot be read is refused elsewhere. */
function neededClaims({ allowedDomains, allowedClaims }: OidcSettings): string[] {
  const address = allowedDomains.length > 0 ? ['email', 'email_verified'] : []
  return [...address, ...allowedClaims.flatMap((text) => parseClaimRule(text)?.claim ?? [])]
}

/** A file is read now, so that a start without it fails, and again for each request, so that it can be changed. */
function secretOf({ name, clientSecret, clientSecretFile: path }: OidcSettings): () => string | undefined {
  if (path === undefined) return () => clientSecret
  const read = () => readSettingFile(`oidc ${name}: client-secret-file`, path).trim()
  read()
  return read
}

export async function composeOidc(parts: {
  settings: Parameters<typeof openProviders>[0]
  store: IdentityStore
  domain: ComposedDomain
  backend: Pick<SessionBackend, 'sessionStore' | 'once'>
  terms: SessionTerms
  audit: Parameters<typeof createProviderSignIn>[0]['audit']
  count: Parameters<typeof createProviderSignIn>[0]['count']
  now: Clock
  log: Log
}) {
  const { settings, store, domain, backend, ...common } = parts
  const { providers, close } = await openProviders(settings, parts)
  const shared = { ...store, ...domain, ...backend, ...common, providers }
  const refreshing = startRefreshing(providers, createRefreshDue(shared), parts.log)
  return {
    services: {
      providerSignIn: createProviderSignIn(shared),
      providerSignOut: createProviderSignOut(shared),
      backChannelLogout: createBackChannelLogout(shared),
    },
    async stop() {
      await refreshing.stop()
      await close()
    },
  }
}

const LOOKS_IN_INTERVAL = 5
const SHORTEST_MS = 5000

/** Looks several times in the shortest interval of the settings; each look begins after the one before. */
function startRefreshing(
  providers: ConfiguredProviders,
  refreshDue: () => Promise<number>,
  log: Pick<Log, 'error'>,
): { stop(): Promise<void> } {
  const intervals = [...providers.values()].flatMap(({ refreshMs }) => (refreshMs > 0 ? refreshMs : []))
  if (intervals.length === 0) return { stop: async () => {} }
  const pauseMs = Math.max(SHORTEST_MS, Math.min(...intervals) / LOOKS_IN_INTERVAL)
  let running: Promise<unknown> = Promise.resolve()
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    running = refreshDue()
      .catch((error) => log.error('providers could not be asked about users', { error: String(error) }))
      .finally(() => {
        isBusy = false
      })
  }, pauseMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
