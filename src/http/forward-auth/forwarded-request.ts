/** The request that a gateway asks about, as its headers describe it. */
import { canonicalAddress } from '../../domain/base/address-key.ts'
import { forbidden, invalid } from '../../domain/base/errors.ts'
import type { ReceivedRequest } from '../request/secure-request.ts'

export interface DescribedRequest {
  /** In capitals. */
  readonly method?: string | undefined
  readonly scheme?: 'http' | 'https' | undefined
  /** With its port, if it has one that is not the scheme's. */
  readonly host?: string | undefined
  /** Path and query as the client sent them. */
  readonly target?: string | undefined
}

export interface ForwardedRequests {
  /**
   * What a trusted proxy says; nothing of what others say. Throws `invalid` for what cannot be read, and for two headers
   * that contradict each other: then a client's own header has passed the gateway.
   */
  read(request: ReceivedRequest): DescribedRequest
  /**
   * For Envoy, which asks with the request's own method and host, and puts its path behind that of the check. Throws
   * `forbidden` if no trusted proxy asks.
   */
  readBelow(
    path: string,
    request: ReceivedRequest & { readonly method: string; readonly url: string },
  ): DescribedRequest
}

const NOTHING: DescribedRequest = {}

/**
 * Reads `X-Original-Method` and `X-Original-URL`, which configurations of nginx set, and `X-Forwarded-Method`, `-Proto`,
 * `-Host` and `-Uri` of Caddy and Traefik.
 */
export function createForwardedRequests(
  /** Decides by the canonical address (`canonicalAddress`); undefined if no proxy is trusted. */
  isTrusted: ((address: string) => boolean) | undefined,
): ForwardedRequests {
  // A gateway keeps its connections, so one address asks again and again.
  let last: { readonly remote: string; readonly isProxy: boolean } | undefined

  function isFromProxy({ socket: { remoteAddress: remote = '' } }: Pick<ReceivedRequest, 'socket'>): boolean {
    if (last?.remote === remote) return last.isProxy
    const address = canonicalAddress(remote)
    last = { remote, isProxy: address !== undefined && isTrusted?.(address) === true }
    return last.isProxy
  }
  return {
    readBelow(path, request) {
      if (!isFromProxy(request)) {
        throw forbidden('not-by-check', 'only a proxy that trusted-proxies names may ask here')
      }
      const { headers, method, url } = request
      const { scheme } = readForwarded({ 'x-forwarded-proto': headers['x-forwarded-proto'] })
      const target = url.slice(path.length)
      return {
        ...{ scheme, method: method.toUpperCase() },
        host: checked(headers.host, HOST, 'Host', 'a host, maybe with a port')?.toLowerCase(),
        target: checked(
          target.startsWith('/') ? target : `/${target}`,
          TARGET,
          'path',
          'a path, maybe with a query',
        ),
      }
    },
    read: (request) => (isFromProxy(request) ? readForwarded(request.headers) : NOTHING),
  }
}

type Headers = ReceivedRequest['headers']

function readForwarded(headers: Headers): DescribedRequest {
  const original = readURL(given(headers, 'x-original-url'))
  const proto = given(headers, 'x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase()
  const forwarded: DescribedRequest = {
    scheme: proto === undefined ? undefined : schemeIn(proto),
    host: checked(given(headers, 'x-forwarded-host'), HOST, 'X-Forwarded-Host', 'a host, maybe with a port'),
    target: checked(
      given(headers, 'x-forwarded-uri'),
      TARGET,
      'X-Forwarded-Uri',
      'a path, maybe with a query',
    ),
  }
  return {
    method: agreed('method', methodIn(headers, 'x-original-method'), methodIn(headers, 'x-forwarded-method')),
    scheme: agreed('scheme', original.scheme, forwarded.scheme),
    host: agreed('host', original.host, forwarded.host)?.toLowerCase(),
    target: agreed('path', original.target, forwarded.target),
  }
}

const METHOD = /^[A-Z]{1,20}$/
/** A host and port, and nothing that makes a URL of it (RFC 9110, 7.2). */
const HOST = /^[^\s,/?#@\\]+$/
const TARGET = /^\/[\x21-\x22\x24-\x7e]*$/
const ORIGINAL_URL = /^(https?):\/\/([^\s,/?#@\\]+)(\/[\x21-\x22\x24-\x7e]*)?$/i

function methodIn(headers: Headers, name: string): string | undefined {
  return checked(given(headers, name), METHOD, name, 'a method in capitals, such as GET')
}

/** An empty header is what a gateway sets to drop a client's. */
function given(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return value === undefined || value === '' ? undefined : String(value)
}

function checked(
  value: string | undefined,
  form: RegExp,
  name: string,
  expected: string,
): string | undefined {
  if (value === undefined || form.test(value)) return value
  throw invalid(`the header ${name} of the gateway must be ${expected}`)
}

function schemeIn(text: string): 'http' | 'https' {
  if (text === 'http' || text === 'https') return text
  throw invalid('the header X-Forwarded-Proto of the gateway must be http or https')
}

function readURL(url: string | undefined): DescribedRequest {
  if (url === undefined) return NOTHING
  const [, scheme, host, target = '/'] = ORIGINAL_URL.exec(url) ?? []
  if (scheme === undefined || host === undefined) {
    throw invalid(
      'the header X-Original-URL of the gateway must be a whole URL, such as https://grafana.example.com/',
    )
  }
  return { scheme: schemeIn(scheme.toLowerCase()), host, target }
}

function agreed<T extends string>(what: string, one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other
  throw invalid(
    `the X-Original- and X-Forwarded- headers name two different values for the ${what}; let the gateway set one kind and drop the other`,
  )
}
