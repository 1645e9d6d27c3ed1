/** The HTTP side: which requests are trusted, and the application that answers them. */
import { isHttps } from '../config/rules.ts'
import type { Settings } from '../config/settings.ts'
import { parseTrustedProxies } from '../config/trusted-proxies.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import { API_PATHS } from '../http/api/api-paths.ts'
import { createApp } from '../http/api/app.ts'
import type { Services } from '../http/api/routes.ts'
import { createPages } from '../http/pages/console.ts'
import { readConsoleFiles } from '../http/pages/console-files.ts'
import { createAuthenticate } from '../http/protection/authentication.ts'
import type { TrustedOrigins } from '../http/protection/forgery.ts'
import { strictTransport } from '../http/protection/strict-transport.ts'
import { createClientAddress } from '../http/request/client-address.ts'
import { createIsSecure } from '../http/request/secure-request.ts'
import { createSessionCookie } from '../http/request/session-cookie.ts'
import { createDispatch, type DispatchEntry } from '../http/server/dispatch.ts'
import type { Listener } from '../http/server/listener.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { VERSION } from '../version.ts'
import type { ComposedDomain } from './domain.ts'
import { noteRefusal } from './refusals.ts'
import { createRequestIDs } from './request-ids.ts'

export async function composeHttp(parts: {
  settings: Settings
  listener: Listener
  domain: ComposedDomain
  audit: Pick<AuditTrail, 'refuse' | 'hasCounted'>
  services: Pick<Services, 'status' | 'storeName' | 'overview' | 'upstream'>
  metrics: Metrics
  tracing: Tracing | undefined
  log: ServerLog
  now: () => number
  /** Where the built console is; without one there is none. */
  consoleFolder: string | undefined
  /** Handlers beside the API and the pages. */
  beside: readonly DispatchEntry[] | undefined
}): Promise<{ close(): Promise<void> }> {
  const { settings, listener, domain, audit, metrics, log } = parts
  const isTrusted = parseTrustedProxies(settings.trustedProxies)
  // This server has TLS itself, or is reached over TLS from outside, whatever a request says.
  const alwaysTls = listener.secure || isHttps(settings.publicUrl)
  const isSecure = createIsSecure({ always: alwaysTls, isTrusted })
  const { sessionCookieSecure } = settings
  const cookie = createSessionCookie({
    name: settings.sessionCookieName,
    path: settings.sessionCookiePath,
    sameSite: settings.sessionCookieSameSite,
    isSecure: sessionCookieSecure === 'auto' ? isSecure : () => sessionCookieSecure === 'always',
    now: parts.now,
  })
  const origins = trustedOrigins(settings, alwaysTls)
  const app = await createApp({
    services: { ...domain, ...parts.services, ...{ cookie, origins, features: featuresOf(settings) } },
    authenticate: createAuthenticate({ ...domain, cookie, origins }),
    cookie,
    clientAddress: createClientAddress({ isTrusted }),
    cors: {
      echoed: settings.corsAllowedOrigins.length === 0 ? 'any' : new Set(settings.corsAllowedOrigins),
      withCredentials: origins.allowed,
    },
    onRefusal: (error, request, op) => noteRefusal(audit, error, request, op),
    observation: { requestCounter: metrics.requestCounter, log, tracing: parts.tracing },
    version: VERSION,
    maxBodyBytes: settings.httpMaxBodySize,
    errorDetails: settings.errorDetails,
    createRequestID: createRequestIDs(),
    onFailure: (error, fields) => log.error(error.message, { ...fields, stack: causeStack(error) }),
  })

  const limits = { bodyTimeoutMs: settings.httpBodyTimeout, readerTimeoutMs: settings.httpBodyTimeout }
  const api = { handle: app.handle, limits }
  const pages = pagesOf(parts)
  listener.attach(
    createDispatch({
      entries: [
        ...(parts.beside ?? []),
        ...API_PATHS.map((path) => ({ path, handler: api })),
        ...(pages ? [{ path: '/', takes: pages.takes, handler: { handle: pages.handle, limits } }] : []),
      ],
      otherwise: api,
      before:
        settings.hardeningEnabled && !alwaysTls && isTrusted
          ? strictTransport({ isSecure, seconds: settings.strictTransportSecurityMaxAge })
          : undefined,
    }),
  )
  return app
}

function pagesOf({ settings, consoleFolder }: { settings: Settings; consoleFolder: string | undefined }) {
  if (consoleFolder === undefined || settings.uiDisabled) return undefined
  const files = readConsoleFiles(consoleFolder)
  return files && createPages(files)
}

function trustedOrigins(settings: Settings, alwaysTls: boolean): TrustedOrigins {
  const isTls = alwaysTls || settings.sessionCookieSecure === 'always'
  return {
    // A cookie for TLS only says that a proxy serves TLS for this server.
    schemes: isTls ? ['https'] : ['http', 'https'],
    publicOrigin: settings.publicUrl && new URL(settings.publicUrl).origin,
    allowed: new Set(settings.allowedOrigins),
    mayEnter: new Set(settings.corsAllowedOrigins),
  }
}

function featuresOf(settings: Settings): Services['features'] {
  return {
    rememberSeconds: settings.sessionRememberLength / 1000,
    passwordPolicy: settings.strongPasswords ? 'strong' : settings.passwordPolicy,
    deployment: settings.deployment,
  }
}

function causeStack({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.stack : undefined
}
