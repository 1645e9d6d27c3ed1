/** What gateways of others ask this server. */
import type { Settings } from '../config/settings.ts'
import { createBucketAccess } from '../domain/gateway/bucket-access.ts'
import { createDataDirectory } from '../domain/gateway/data-directory.ts'
import { createBelongingsOf } from '../domain/memberships/belongings.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { type AuthCheck, createAuthCheck } from '../http/forward-auth/auth-check.ts'
import { createForwardedRequests } from '../http/forward-auth/forwarded-request.ts'
import { CHECK_PATH, createQuickCheck, isQuickCheck } from '../http/forward-auth/quick-check.ts'
import { createReturnAddresses } from '../http/forward-auth/sign-in-address.ts'
import type { DescribedUpstream } from '../http/gateway/described.ts'
import { createAuthenticateLegacy } from '../http/gateway/legacy-authentication.ts'
import { createAuthenticate } from '../http/protection/authentication.ts'
import type { TrustedOrigins } from '../http/protection/forgery.ts'
import type { SessionCookie } from '../http/request/session-cookie.ts'
import type { DispatchEntry, Handler } from '../http/server/dispatch.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import type { DomainOfHttp } from './external-tokens.ts'

export function composeAuthCheck(parts: {
  settings: Settings
  domain: DomainOfHttp
  store: IdentityStore
  isTrusted: ((address: string) => boolean) | undefined
  cookie: SessionCookie
  origins: TrustedOrigins
  /** The path of the console, such as `/`. */
  consolePath: string
  /** The upstreams that a check can name, by name. */
  upstreams: ReadonlyMap<string, DescribedUpstream>
  now: () => number
}): AuthCheck {
  const { settings, domain, store, cookie, origins, now } = parts
  const belongingsOf = createBelongingsOf({ ...store, now })
  const directory = createDataDirectory({ ...store, now })
  domain.onChange(() => {
    belongingsOf.forget()
    directory.forget()
  })
  return createAuthCheck({
    authenticateWith: (each) => createAuthenticate({ ...domain, cookie, origins: each }),
    authenticateLegacy: createAuthenticateLegacy({ ...domain, takesSessions: true }),
    origins,
    forwarded: createForwardedRequests(parts.isTrusted),
    returnAddresses: createReturnAddresses({
      hosts: settings.allowedReturnHosts,
      publicOrigin: origins.publicOrigin,
    }),
    belongingsOf,
    buckets: createBucketAccess(directory),
    upstreams: parts.upstreams,
    signInPage: `${origins.publicOrigin ?? ''}${parts.consolePath}signin`,
  })
}

/** The check beside the API, for requests of which nothing but their number is recorded. */
export function quickCheckEntry(
  api: Handler,
  parts: Pick<
    Parameters<typeof createQuickCheck>[0],
    'authCheck' | 'cookie' | 'cors' | 'clientAddress' | 'createRequestID'
  > & {
    metrics: Metrics
    tracing: Tracing | undefined
    log: ServerLog
  },
): readonly DispatchEntry[] {
  if (parts.tracing || parts.log.debugEnabled) return []
  const count = parts.metrics.requestCounter('GET', CHECK_PATH)
  const handle = createQuickCheck({ ...parts, count, otherwise: api.handle })
  return [{ path: CHECK_PATH, takes: isQuickCheck, handler: { ...api, handle } }]
}
