/** What went wrong with a request, in the server's words. */
export class Problem extends Error {
  /** The HTTP status; 0 where the server was not reached. */
  readonly status: number
  /** Quoted to whoever runs the server, who finds it in the log. */
  readonly requestID: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, details: { status: number; requestID?: string; retryAfterSeconds?: number }) {
    super(message)
    this.status = details.status
    this.requestID = details.requestID
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** Whether there is no session any more; other refusals with 401 name the permission that is missing. */
  get isSignedOut(): boolean {
    return this.status === 401 && this.message === 'unauthorized access'
  }

  get mustChangePassword(): boolean {
    return this.status === 403 && this.message === 'password change required'
  }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(String((error as Error)?.message ?? error), { status: 0 })

/** What an answer that is no success says. */
export function problemOf(response: Response, body: unknown): Problem {
  const { message } = (body ?? {}) as { message?: string }
  const retryAfter = Number(response.headers.get('retry-after'))
  const requestID = response.headers.get('x-request-id')
  return new Problem(message || `${response.status} ${response.statusText}`, {
    status: response.status,
    ...(requestID ? { requestID } : {}),
    ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
  })
}
