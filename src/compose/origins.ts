/** Which origins' pages may do what. */
import type { Settings } from '../config/settings.ts'
import type { CorsOrigins } from '../http/protection/cross-origin.ts'
import type { TrustedOrigins } from '../http/protection/forgery.ts'

export function trustedOrigins(settings: Settings, alwaysTls: boolean): TrustedOrigins {
  const isTls = alwaysTls || settings.sessionCookieSecure === 'always'
  return {
    // A cookie for TLS only says that a proxy serves TLS for this server.
    schemes: isTls ? ['https'] : ['http', 'https'],
    publicOrigin: settings.publicUrl && new URL(settings.publicUrl).origin,
    allowed: new Set(settings.allowedOrigins),
    mayEnter: new Set(settings.corsAllowedOrigins),
  }
}

export function corsOf(settings: Settings, origins: TrustedOrigins): CorsOrigins {
  return {
    echoed: settings.corsAllowedOrigins.length === 0 ? 'any' : new Set(settings.corsAllowedOrigins),
    withCredentials: origins.allowed,
  }
}
