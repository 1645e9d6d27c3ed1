/** Asks the check as a gateway does that describes a request to an upstream. */
import { type Received, send } from '../support/http.ts'

export interface Described {
  readonly status: number
  readonly message: string | undefined
  readonly reason: string | undefined
  /** `X-Sluice-Target`. */
  readonly target: string | undefined
}

export type Describe = (
  headers: Readonly<Record<string, string>>,
  method: string,
  target: string,
  query?: string,
) => Promise<Described>

/** `headers` are those of the client. */
export function describing(url: string, query: string): Describe {
  return async (headers, method, target, own = query) => {
    const received: Received = await send(url, {
      ...{ method: 'GET', path: `/api/v2/auth/check${own}` },
      headers: {
        ...{ 'x-forwarded-method': method, 'x-forwarded-uri': target },
        ...{ 'x-forwarded-host': 'data.example.com', 'x-forwarded-proto': 'https' },
        ...headers,
      },
    })
    const told = (name: string) => received.headers[name] as string | undefined
    return {
      status: received.status,
      message: received.json?.message,
      reason: told('x-sluice-reason'),
      target: told('x-sluice-target'),
    }
  }
}
