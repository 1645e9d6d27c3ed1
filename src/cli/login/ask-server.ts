/** The requests of `sluice login`, before there is a token. */

import { answer, apiAddress } from '../remote/remote.ts'
import { CommandFailure } from '../terminal/failure.ts'

export interface LoginAnswer {
  readonly token: string
  readonly id: string
  readonly user: string
  readonly org: string
  readonly expiresAt: string
}

const DEADLINE_MS = 30_000

export function ask<T>(host: URL, path: string, json: object): Promise<T> {
  return answer<T>(host.href, () =>
    fetch(apiAddress(host, path), {
      ...{ method: 'POST', body: JSON.stringify(json), redirect: 'manual' },
      signal: AbortSignal.timeout(DEADLINE_MS),
    }),
  )
}

/** The page that the server names: with public-url anywhere, else on the server. Throws CommandFailure. */
export function pageOf(host: URL, given: string): URL {
  const url = URL.canParse(given, host.href) ? new URL(given, host.href) : undefined
  // Nothing else may be opened, such as a file or a program.
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new CommandFailure(`${host.href} names a page that is no address of the web`)
}
