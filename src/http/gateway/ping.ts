/** `/ping` of the server behind this one: clients learn its version there, and some behave by that. */
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Clock } from '../../domain/base/clock.ts'
import { leaveOutConstant } from '../server/constant-headers.ts'
import { answerFailure } from './answers.ts'
import { collect } from './collect.ts'
import type { Gateway } from './gateway.ts'
import type { ListAnswer } from './merged-list.ts'
import type { Transport } from './transport.ts'

/** Anybody may ask, so upstream is asked once in this time. */
const KEPT_MS = 10_000
const MOST_BYTES = 4096
/** In place of Sluice's own. Upstream's time and request id are those of another request. */
const VERSION: ReadonlySet<string> = new Set(['x-influxdb-version', 'x-influxdb-build'])
const PASSED: ReadonlySet<string> = new Set([...VERSION, 'content-type'])

export interface Ping {
  takes(request: IncomingMessage): boolean
  readonly handle: RequestListener
}

export type PingMethods = Readonly<Record<string, readonly string[]>>

export const PING: PingMethods = { '/ping': ['GET', 'HEAD'] }

/** Without credentials, as upstream takes them. Other methods are Sluice's own to refuse. */
export function createPing(deps: {
  readonly transport: Transport
  readonly timeoutMs: number
  readonly createRequestID: () => string
  readonly now: Clock
  /** The methods that upstream takes, by path; such as GET and HEAD of `/ping`. */
  readonly methods: PingMethods
}): Ping {
  const kept = new Map<string, { readonly answer: Promise<ListAnswer>; readonly at: number }>()

  /** The answer is shared, so no client that goes away ends the request. */
  function ask(target: string): Promise<ListAnswer> {
    const known = kept.get(target)
    if (known && deps.now() - known.at < KEPT_MS) return known.answer
    const request = { method: 'GET', target, headers: [], body: undefined, timeoutMs: deps.timeoutMs }
    const answer = collect(deps.transport, request, {
      ...{ client: undefined, budget: { left: MOST_BYTES } },
      tooMuch: 'the answer to the ping is too long',
    })
    kept.set(target, { answer, at: deps.now() })
    answer.catch(() => {
      if (kept.get(target)?.answer === answer) kept.delete(target)
    })
    return answer
  }

  return {
    takes: ({ method = '', url = '' }) => deps.methods[pathIn(url)]?.includes(method) === true,
    handle(request, response) {
      const { url = '' } = request
      ask(pathIn(url) + (isVerbose(url) ? '?verbose=true' : '')).then(
        ({ status, headers, body }) => {
          leaveOutConstant(response, VERSION)
          const length = status === 204 ? [] : ['content-length', String(body.length)]
          response.writeHead(status, [...passed(headers), ...length])
          response.end(request.method === 'HEAD' ? undefined : body)
        },
        (error) => void answerFailure(response, error, { own: [], requestID: deps.createRequestID() }),
      )
    },
  }
}

/** The gateway with `/ping` beside its routes. */
export function withPing(gateway: Gateway, ping: Ping): Gateway {
  return {
    ...gateway,
    takes: (request) => ping.takes(request) || gateway.takes(request),
    handle: (request, response) => (ping.takes(request) ? ping : gateway).handle(request, response),
  }
}

const pathIn = (url: string): string => url.split('?', 1)[0] as string

/** As later InfluxDB 1.x read it (`servePing` in their `services/httpd/handler.go`); 1.6.7 answers 204 to all. */
function isVerbose(url: string): boolean {
  const verbose = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('verbose') ?? ''
  return url.includes('?') && !['', '0', 'false'].includes(verbose)
}

function passed(headers: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string
    if (PASSED.has(name.toLowerCase())) found.push(name, headers[at + 1] as string)
  }
  return found
}
