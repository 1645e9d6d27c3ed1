/**
 * Composes the HTTP side: trusted proxies and origins, the session cookie, and the dispatch of requests to the API,
 * the gateway and the console.
 */
import { basePathOf } from '../config/base-path.ts'
import type { Settings } from '../config/settings.ts'
import { NO_LABELS } from '../domain/gateway/bucket-labels.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { API_PATHS } from '../http/api/api-paths.ts'
import { createApp } from '../http/api/app.ts'
import type { Services } from '../http/api/routes.ts'
import { createAuthenticate } from '../http/protection/authentication.ts'
import { strictTransport } from '../http/protection/strict-transport.ts'
import { belowBasePath } from '../http/server/base-path.ts'
import { createDispatch, type DispatchEntry } from '../http/server/dispatch.ts'
import type { Listener } from '../http/server/listener.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import type { DomainOfHttp } from './external-tokens.ts'
import { featuresOf, type OidcServices } from './features.ts'
import { composeAuthCheck, quickCheckEntry } from './forward-auth.ts'
import type { attachGateways, ComposedGateways, UpstreamsOfHttp } from './gateway-http.ts'
import type { GatewayListeners } from './gateway-observer.ts'
import { composePages, consolePathOf, uiRequestsOf } from './pages.ts'
import { noteRefusal } from './refusals.ts'
import { createRequestIDs } from './request-ids.ts'
import { composeRequestReaders } from './request-readers.ts'
import { VERSION } from './version.ts'

export interface ComposedHttp {
  readonly gateways: ComposedGateways | undefined
  /** Undefined if there is no console. */
  readonly consolePath: string | undefined
  close(): Promise<void>
}

export async function composeHttp(parts: {
  settings: Settings
  listener: Listener
  domain: DomainOfHttp
  listeners: GatewayListeners
  services: Pick<Services, 'status' | 'storeName' | 'overview' | 'upstream' | 'trafficOf'>
  oidc: OidcServices
  metrics: Metrics
  tracing: Tracing | undefined
  log: ServerLog
  now: () => number
  /** Where the built console is; without one there is none. */
  consoleFolder: string | undefined
  /** Handlers beside the API and the pages. */
  beside: readonly DispatchEntry[] | undefined
  /** Without any nothing is forwarded. */
  upstreams: UpstreamsOfHttp
  store: IdentityStore
}): Promise<ComposedHttp> {
  const { settings, listener, domain, listeners, metrics, log } = parts
  const readers = composeRequestReaders(settings, { hasOwnTls: listener.secure, now: parts.now })
  const { isTrusted, alwaysTls, isSecure, cookie, pendingCookie, passkeyCookie, origins } = readers
  const { publicOrigin } = origins
  const ui = uiRequestsOf(settings, { isSecure, publicOrigin, now: parts.now })
  const shared = {
    authenticate: createAuthenticate({ ...domain, cookie, origins, isPoller: ui?.isPoller }),
    lead: ui?.lead,
    cookie,
    clientAddress: readers.clientAddress,
    cors: readers.cors,
    createRequestID: createRequestIDs(),
  }
  const { influxdb2, databases } = parts.upstreams
  const hasUpstream = influxdb2 !== undefined || databases.length > 0
  const gateways = hasUpstream ? await gatewaysOf(parts, shared) : undefined
  const [basePath, consolePath] = [basePathOf(settings), consolePathOf(settings)]
  const upstreams = gateways?.described ?? new Map()
  const authCheck = composeAuthCheck({ ...parts, isTrusted, cookie, origins, consolePath, upstreams })
  const app = await createApp({
    ...shared,
    services: {
      ...{
        ...domain,
        ...parts.oidc,
        ...parts.services,
        cookie,
        pendingCookie,
        passkeyCookie,
        origins,
        features: featuresOf(settings, { ...parts.oidc, ...domain }),
      },
      ...{ flowCookies: readers.flowCookies, consolePath },
      authCheck,
      bucketLabels: gateways?.bucketLabels ?? NO_LABELS,
    },
    onRefusal: (error, request, op) => noteRefusal(listeners.audit, error, request, op),
    observation: { requestCounter: metrics.requestCounter, log, tracing: parts.tracing },
    version: VERSION,
    basePath,
    maxBodyBytes: settings.httpMaxBodySize,
    errorDetails: settings.errorDetails,
    onFailure: (error, fields) => log.error(error.message, { ...fields, stack: causeStack(error) }),
  })

  const limits = { bodyTimeoutMs: settings.httpBodyTimeout, readerTimeoutMs: settings.httpBodyTimeout }
  const api = { handle: app.handle, limits }
  const pages = await composePages({ ...parts, ui, limits })
  listener.attach(
    belowBasePath(
      basePath,
      createDispatch({
        entries: [
          ...(parts.beside ?? []),
          ...(gateways?.entries(limits) ?? []),
          ...quickCheckEntry(api, { ...parts, ...shared, authCheck }),
          ...API_PATHS.map((path) => ({ path, handler: api })),
          ...pages.entries,
        ],
        otherwise: api,
        before:
          settings.hardeningEnabled && !alwaysTls && isTrusted
            ? strictTransport({ isSecure, seconds: settings.strictTransportSecurityMaxAge })
            : undefined,
      }),
    ),
  )
  return {
    ...{ gateways, consolePath: pages.consolePath },
    close: async () => void (await Promise.all([app.close(), pages.close()])),
  }
}

/** Imported on demand, as the ways to the upstreams are. */
async function gatewaysOf(
  parts: Parameters<typeof attachGateways>[0] & { upstreams: UpstreamsOfHttp },
  shared: Parameters<typeof attachGateways>[2],
): Promise<ComposedGateways> {
  const { attachGateways } = await import('./gateway-http.ts')
  return attachGateways(parts, parts.upstreams, shared)
}

function causeStack({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.stack : undefined
}
