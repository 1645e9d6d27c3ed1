/** Requests to a provider: bounded in time and size, without redirects, with the certificate authority of the settings. */
import { Agent, request } from 'undici'
import { providerAway } from './problems.ts'

/** More than any metadata, key set or token answer. */
const MOST_BYTES = 1024 * 1024
const CONNECTIONS = 8

export interface SentToProvider {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface ProviderFetch {
  /** Throws `provider-away` if there is no whole answer in time. */
  send(url: string, sent: SentToProvider): Promise<Response>
  close(): Promise<void>
}

/** @param ca PEM; undefined for the authorities that Node trusts */
export function createProviderFetch({ ca, timeoutMs }: { ca: string | undefined; timeoutMs: number }) {
  const dispatcher = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) },
    maxResponseSize: MOST_BYTES,
  })
  const made: ProviderFetch = {
    async send(url, { method, headers, body }) {
      try {
        const answer = await request(url, {
          ...{ dispatcher, method: method as 'GET', headers },
          signal: AbortSignal.timeout(timeoutMs),
          body: body === undefined || body === null ? null : String(body),
        })
        const bytes = await answer.body.arrayBuffer()
        return new Response(mayHaveBody(answer.statusCode) ? bytes : null, {
          status: answer.statusCode,
          headers: Object.entries(answer.headers).flatMap(([name, value]) =>
            [value ?? []].flat().map((each): [string, string] => [name, each]),
          ),
        })
      } catch (error) {
        throw providerAway(error)
      }
    },
    close: () => dispatcher.destroy(),
  }
  return made
}

const mayHaveBody = (status: number) => status >= 200 && ![204, 205, 304].includes(status)
