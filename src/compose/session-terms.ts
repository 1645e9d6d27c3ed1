import { cookieLastsLongest } from '../config/base-path.ts'
import type { Settings } from '../config/settings.ts'
import { createSessionTerms, type SessionTerms } from '../domain/sessions/session-terms.ts'

/** How long sessions and their cookies last, by the settings. */
export function sessionTermsOf(settings: Settings): SessionTerms {
  return createSessionTerms({
    lengthMs: settings.sessionLength,
    maxLengthMs: settings.sessionMaxLength,
    rememberLengthMs: settings.sessionRememberLength,
    renew: !settings.sessionRenewDisabled,
    cookieLastsLongest: cookieLastsLongest(settings),
  })
}
