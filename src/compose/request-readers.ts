/** How this server reads where a request comes from, and writes its cookie: by the settings about proxies and TLS. */
import { basePathOf } from '../config/base-path.ts'
import { isHttps } from '../config/rules.ts'
import type { Settings } from '../config/settings.ts'
import { parseTrustedProxies } from '../config/trusted-proxies.ts'
import { createClientAddress } from '../http/request/client-address.ts'
import { createFlowCookies } from '../http/request/flow-cookies.ts'
import { createIsSecure } from '../http/request/secure-request.ts'
import { createSessionCookie } from '../http/request/session-cookie.ts'
import { corsOf, trustedOrigins } from './origins.ts'

export function composeRequestReaders(settings: Settings, parts: { hasOwnTls: boolean; now: () => number }) {
  const isTrusted = parseTrustedProxies(settings.trustedProxies)
  // This server has TLS itself, or is reached over TLS from outside, whatever a request says.
  const alwaysTls = parts.hasOwnTls || isHttps(settings.publicUrl)
  const origins = trustedOrigins(settings, alwaysTls)
  const isSecure = createIsSecure({ always: alwaysTls, isTrusted })
  const { sessionCookieName: name, sessionCookieSecure } = settings
  const cookieOptions = {
    path: settings.sessionCookiePath,
    sameSite: settings.sessionCookieSameSite,
    isSecure: sessionCookieSecure === 'auto' ? isSecure : () => sessionCookieSecure === 'always',
    now: parts.now,
  }
  return {
    ...{ isTrusted, alwaysTls, isSecure },
    clientAddress: createClientAddress({ isTrusted }),
    origins,
    cors: corsOf(settings, origins),
    cookie: createSessionCookie({ ...cookieOptions, name, domain: settings.sessionCookieDomain }),
    // Other hosts have no use for a sign-in that waits for its second step.
    flowCookies: createFlowCookies({
      name,
      path: `${basePathOf(settings)}/api/v2/signin/oidc/`,
      isSecure: cookieOptions.isSecure,
      now: parts.now,
    }),
    pendingCookie: createSessionCookie({ ...cookieOptions, name: `${name}-pending` }),
    passkeyCookie: createSessionCookie({ ...cookieOptions, name: `${name}-passkey` }),
  }
}
