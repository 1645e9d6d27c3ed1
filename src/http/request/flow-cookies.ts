/** The cookies of sign-ins that are at a provider: one for each, so that several tabs do not disturb each other. */
import type { Clock } from '../../domain/base/clock.ts'
import { hashSecret } from '../../domain/base/secrets.ts'
import { readSessionKeys } from './credentials.ts'
import type { IsSecure, ReceivedRequest } from './secure-request.ts'

export interface FlowCookies {
  /** The `Set-Cookie`s for a flow that begins: its own, and the end of the oldest if there are too many. */
  begin(flow: { state: string; sealed: string; expiresAt: number }, request: ReceivedRequest): string[]
  /** What the browser sent for the flow with this state. */
  read(state: string | null, request: ReceivedRequest): string | undefined
  /** The `Set-Cookie` that ends it. */
  end(state: string | null, request: ReceivedRequest): string
}

/** More would make the header longer than servers and proxies take. */
const MOST = 5
const DIGITS = 12

/**
 * `SameSite=Lax`, unlike the session's, since the browser comes back from another site, and `Path` the callbacks, so
 * that nothing else gets them. The name begins with the time, by which the oldest are found.
 */
export function createFlowCookies(options: {
  /** The name of the session cookie, with which the names of these cookies begin. */
  name: string
  /** Below which the callbacks lie, such as `/api/v2/signin/oidc/`. */
  path: string
  isSecure: IsSecure
  now: Clock
}): FlowCookies {
  const { path, isSecure, now } = options
  const prefix = `${options.name}-flow-`
  const idOf = (state: string) =>
    hashSecret(state)
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, DIGITS)

  function written(name: string, value: string, seconds: number, request: ReceivedRequest): string {
    const secure = isSecure(request) ? '; Secure' : ''
    return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly${secure}; SameSite=Lax`
  }
  const namesOf = ({ headers }: ReceivedRequest): string[] =>
    (headers.cookie ?? '')
      .split(';')
      .map((each) => each.trim().split('=', 1)[0] ?? '')
      .filter((name) => name.startsWith(prefix))
  function nameOf(state: string | null, request: ReceivedRequest): string | undefined {
    if (state === null) return undefined
    const end = `-${idOf(state)}`
    return namesOf(request).find((name) => name.endsWith(end))
  }

  return {
    begin({ state, sealed, expiresAt }, request) {
      const seconds = Math.ceil((expiresAt - now()) / 1000)
      const tooMany = namesOf(request)
        .toSorted()
        .slice(0, -(MOST - 1))
      return [
        ...tooMany.map((name) => written(name, '', 0, request)),
        written(`${prefix}${now().toString(36)}-${idOf(state)}`, sealed, seconds, request),
      ]
    },
    read(state, request) {
      const name = nameOf(state, request)
      return name && readSessionKeys(request.headers.cookie, name)[0]
    },
    end: (state, request) => written(nameOf(state, request) ?? `${prefix}none`, '', 0, request),
  }
}
