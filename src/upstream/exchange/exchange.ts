/** Requests that Sluice itself makes to an upstream with fixed credentials, bounded in time and size. */
import { Agent, request } from 'undici'
import { type SluiceError, unavailable } from '../../domain/base/errors.ts'

export interface ExchangeAccess {
  /** `http://` or `https://`, host and port. */
  readonly url: string
  /** The value of `Authorization`; undefined without credentials. */
  readonly authorization: string | undefined
  /** PEM texts; undefined for the system's certificate authorities, and for no client certificate. */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
}

export interface Exchange {
  /** Throws `unavailable` if upstream cannot be reached, does not answer in time, or refuses the credentials. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    target: string,
    body?: ExchangeBody,
  ): Promise<ExchangeAnswer>
  close(): Promise<void>
}

export interface ExchangeBody {
  readonly contentType: string
  readonly text: string
}

export interface ExchangeAnswer {
  readonly status: number
  readonly text: string
}

const CONNECTIONS = 4
const MOST_BYTES = 64 * 1024 * 1024
const RETRY_AFTER_SECONDS = 2

/** Opens no connection until the first request. */
export function createExchange(access: ExchangeAccess): Exchange {
  const { url, authorization, timeoutMs, connectTimeoutMs, ca, cert, key } = access
  const tls = { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert, key }) }
  const dispatcher = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: connectTimeoutMs, ...tls },
    maxResponseSize: MOST_BYTES,
  })
  return {
    async send(method, target, body) {
      const answer = await request(new URL(target, url), {
        ...{ dispatcher, method, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': body.contentType }),
        },
        body: body?.text ?? null,
      })
        .then(async ({ statusCode: status, body }) => ({ status, text: await body.text() }))
        .catch((error: unknown) => {
          throw unavailable('a server behind this one does not answer; try again shortly', {
            cause: error,
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          })
        })
      if (answer.status === 401 || answer.status === 403) throw credentialsRefused()
      return answer
    },
    close: () => dispatcher.destroy(),
  }
}

export function formOf(parameters: Readonly<Record<string, string>>): ExchangeBody {
  return {
    contentType: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(parameters).toString(),
  }
}

/** What is wrong with the credentials of the settings is no fault of the caller's. */
export function credentialsRefused(): SluiceError {
  return unavailable('a server behind this one refuses the credentials of this server')
}
