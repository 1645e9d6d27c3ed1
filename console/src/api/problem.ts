/** What went wrong with a request, in the server's words. */
import type { components } from './schema.ts'

type Reason = components['schemas']['Reason']

/** There is no session, or a sign-in was refused; other refusals with 401 are about a permission. */
const SIGNED_OUT: readonly (Reason | undefined)[] = ['no-credentials', 'session-expired', 'wrong-credentials']

interface Details {
  readonly status: number
  readonly reason?: Reason | undefined
  readonly requestID?: string
  readonly retryAfterSeconds?: number
  readonly factors?: readonly string[]
}

export class Problem extends Error {
  /** The HTTP status; 0 if the server could not be reached. */
  readonly status: number
  /** Why the server refused it; undefined if the status says enough. */
  readonly reason: Reason | undefined
  /** Shown to the user, so that an operator can find the request in the log. */
  readonly requestID: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** By what a sign-in goes on whose second factor is due: `passkey`, `totp`, `recovery-code`. */
  readonly factors: readonly string[]

  constructor(message: string, details: Details) {
    super(message)
    this.status = details.status
    this.reason = details.reason
    this.requestID = details.requestID
    this.retryAfterSeconds = details.retryAfterSeconds
    this.factors = details.factors ?? []
  }

  get isSignedOut(): boolean {
    return this.status === 401 && SIGNED_OUT.includes(this.reason)
  }

  get mustEnrol(): boolean {
    return this.reason === 'enrolment-due'
  }

  get mustChangePassword(): boolean {
    return this.reason === 'password-change-due'
  }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(String((error as Error)?.message ?? error), { status: 0 })

/** The problem that an unsuccessful response reports. */
export function problemOf(response: Response, body: unknown): Problem {
  const { message } = (body ?? {}) as { message?: string }
  const retryAfter = Number(response.headers.get('retry-after'))
  const requestID = response.headers.get('x-request-id')
  const factors = response.headers.get('x-sluice-second-factor')
  return new Problem(message || `${response.status} ${response.statusText}`, {
    status: response.status,
    reason: (response.headers.get('x-sluice-reason') ?? undefined) as Reason | undefined,
    ...(requestID ? { requestID } : {}),
    ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
    ...(factors ? { factors: factors.split(', ') } : {}),
  })
}
