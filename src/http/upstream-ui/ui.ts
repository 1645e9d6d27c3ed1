/** Answers the requests of a browser that opens upstream's own UI, with what upstream answers for its files. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { GatewayFailure, relay } from '../gateway/relay.ts'
import { plainPath } from '../gateway/target.ts'
import type { Transport } from '../gateway/transport.ts'
import type { LeadToConsole } from '../protection/lead-to-console.ts'
import { asSluiceError } from '../request/errors.ts'
import { pathOf } from '../request/path.ts'
import { fileHeaders, LEFT_OUT, OWN_HEADERS, requestHeaders } from './ui-headers.ts'

export interface UpstreamUI {
  /** Whether a request is for a file or page. It is asked below the API's paths, which it does not know. */
  takes(request: IncomingMessage): boolean
  /** Answers a request that it takes. */
  readonly handle: RequestListener
}

export interface UpstreamUIDeps {
  readonly transport: Transport
  readonly lead: LeadToConsole
  /** The path of the console, shown to browsers while upstream is unreachable. */
  readonly consolePath: string
  readonly timeoutMs: number
  /** How many requests are handled at a time. Anyone can send them, so more are refused. */
  readonly mostAtOnce: number
  readonly onFailure: (error: unknown) => void
}

export function createUpstreamUI(deps: UpstreamUIDeps): UpstreamUI {
  let running = 0

  async function forward(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    running += 1
    try {
      await relay({
        transport: deps.transport,
        request: {
          ...{ method: request.method ?? '', target, body: undefined, timeoutMs: deps.timeoutMs },
          headers: requestHeaders(request.rawHeaders),
        },
        ...{ response, ownHeaders: OWN_HEADERS, leftOut: LEFT_OUT },
        headersOf: (_status, headers) => fileHeaders(headers, target),
      })
    } catch (error) {
      deps.onFailure(error)
      refuse(response, error instanceof GatewayFailure ? error.status : 500, asSluiceError(error).message)
    } finally {
      running -= 1
    }
  }

  function refuse(response: ServerResponse, status: number, message: string): void {
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' })
    response.end(`${message}. The console of Sluice is at ${deps.consolePath}\n`)
  }

  return {
    takes: (request) => targetOf(request) !== undefined,
    handle(request, response) {
      const redirect = acceptsHtml(request) ? deps.lead.redirect(request) : undefined
      if (redirect) {
        response.writeHead(303, { location: redirect.location, 'set-cookie': redirect.setCookie })
        response.end()
      } else if (running >= deps.mostAtOnce) {
        refuse(response, 503, 'too many requests for the UI of InfluxDB are under way; try again shortly')
      } else {
        void forward(request, response, targetOf(request) ?? '/')
      }
    },
  }
}

/**
 * What upstream is asked for: the path without its query, which no file needs. It answers with the page of its UI for
 * a path that it does not know. A path that upstream could read as another one, such as `/%61pi`, is never sent there:
 * a browser that opens it gets the page, and other clients are not answered here.
 */
function targetOf(request: IncomingMessage): string | undefined {
  const { method, url = '' } = request
  if (method !== 'GET' && method !== 'HEAD') return undefined
  return plainPath(url) ?? (pathOf({ url }) === '/' || acceptsHtml(request) ? '/' : undefined)
}

const acceptsHtml = ({ headers }: IncomingMessage): boolean => headers.accept?.includes('text/html') ?? false
