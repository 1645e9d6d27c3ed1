/**
 * Redirects a person from upstream's UI to the console if only the console can help: the password must be changed, or
 * sign-ins are throttled. That UI shows the same text for every refused sign-in, and takes a refused `GET
 * /api/v2/flags` for a user without organizations. It opens a new page for one response only, InfluxDB's for an
 * inactive user: it signs out and loads `/signin` (`src/client/index.ts` of influxdata/ui). So its pages get this
 * response and a cookie, by which the page that they load next is redirected.
 */
import type { Clock } from '../../domain/base/clock.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import { readSessionKeys } from '../request/credentials.ts'
import type { IsSecure, ReceivedRequest } from '../request/secure-request.ts'
import type { IsFromUI } from './ui-requests.ts'

export interface LeadToConsole {
  /**
   * The response for a page of the UI in place of a refusal; undefined if the refusal is sent unchanged. Reason and
   * `Retry-After` stay, for programs that read them.
   */
  insteadOf(refusal: unknown, request: ReceivedRequest): Led | undefined
  /** Where a browser that opens a page of the UI is redirected; undefined if it may open the page. Redirects once. */
  redirect(request: ReceivedRequest): { readonly location: string; readonly setCookie: string } | undefined
}

export interface Led {
  readonly error: SluiceError
  readonly setCookie: string
}

const COOKIE = 'sluice-lead'
/** The UI loads the page at once. A cookie that lives longer could redirect another person who uses the browser. */
const COOKIE_SECONDS = 60

export function createLeadToConsole(deps: {
  /** Such as `/console/`. */
  consolePath: string
  isFromUI: IsFromUI
  isSecure: IsSecure
  now: Clock
}): LeadToConsole {
  const { consolePath, isFromUI, isSecure, now } = deps
  function cookie(value: string, seconds: number, request: ReceivedRequest): string {
    const secure = isSecure(request) ? '; Secure' : ''
    return `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly${secure}; SameSite=Strict`
  }
  return {
    insteadOf(refusal, request) {
      const why = whyToLead(refusal, now())
      if (why === undefined || !isFromUI(request)) return undefined
      const { reason, retryAfterSeconds, orgID, cause } = refusal as SluiceError
      const details = { reason, orgID, cause, ...(retryAfterSeconds ? { retryAfterSeconds } : {}) }
      return {
        error: new SluiceError('forbidden', 'User is inactive', details),
        setCookie: cookie(why, COOKIE_SECONDS, request),
      }
    },
    redirect(request) {
      const [why] = readSessionKeys(request.headers.cookie, COOKIE)
      const search = why === undefined ? undefined : searchFor(why, now())
      if (search === undefined) return undefined
      return { location: `${consolePath}signin?${search}`, setCookie: cookie('', 0, request) }
    },
  }
}

/** The value of the cookie: `password`, or `wait-` and when the wait ends, in seconds since 1970. */
function whyToLead(refusal: unknown, now: number): string | undefined {
  if (!(refusal instanceof SluiceError)) return undefined
  if (refusal.reason === 'password-change-due') return 'password'
  if (refusal.reason !== 'throttled') return undefined
  return `wait-${Math.ceil(now / 1000) + (refusal.retryAfterSeconds ?? 1)}`
}

/** What the console's sign-in page reads from its address. */
function searchFor(why: string, now: number): string | undefined {
  if (why === 'password') return 'lead=password'
  const end = /^wait-(\d{1,12})$/.exec(why)?.[1]
  const seconds = Number(end) - Math.floor(now / 1000)
  return seconds > 0 ? `lead=wait&seconds=${seconds}` : undefined
}
