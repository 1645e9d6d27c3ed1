/** Requests that no route answers. */
import type { FastifyRequest } from 'fastify'
import { notFound } from '../../domain/base/errors.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import { MethodNotAllowedError } from '../request/method-not-allowed.ts'
import { pathOf } from '../request/path.ts'

/** The gateway takes them, so a request for one gets here only if no upstream does. */
const POINTS: ReadonlySet<string> = new Set([
  ...['/api/v2/write', '/api/v2/query', '/api/v2/delete', '/write', '/query'],
])
const NO_POINTS =
  'path not found: this server keeps no points, and no upstream of its settings takes this path under this host name; ask InfluxDB itself, or start Sluice with upstream-url'

interface KnownPath {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/** Remembers which paths there are and which methods each has. */
export interface PathTable {
  add(url: string, methods: readonly string[]): void
  /** The methods of a path; undefined if there is no such path. */
  methodsOf(path: string): string[] | undefined
}

export function createPathTable(): PathTable {
  const paths = new Map<string, KnownPath>()
  return {
    add(url, methods) {
      let path = paths.get(url)
      if (!path) {
        path = { pattern: patternOf(url), methods: new Set() }
        paths.set(url, path)
      }
      for (const method of methods) path.methods.add(method)
    },
    methodsOf(path) {
      for (const { pattern, methods } of paths.values()) if (pattern.test(path)) return [...methods]
      return undefined
    },
  }
}

function patternOf(url: string): RegExp {
  const literal = url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll(/:[A-Za-z]+/g, '[^/]+')}/?$`)
}

/**
 * Throws the error for a request without a route. Under `/api/v2` only if `admit` does not throw, so that a client
 * without valid credentials does not learn which paths exist. `OPTIONS` without an origin is no preflight, and is
 * refused earlier; so `Allow` never lists it.
 */
export async function refuseUnknown(
  request: Pick<FastifyRequest, 'method' | 'url'>,
  deps: { paths: PathTable; admit: () => MaybePromise<void> },
): Promise<never> {
  const path = pathOf(request)
  const methods = deps.paths.methodsOf(path)
  if (request.method === 'OPTIONS') throw new MethodNotAllowedError('OPTIONS', methods ?? [])
  if (path.startsWith('/api/v2/') || path === '/api/v2') await deps.admit()
  if (methods && !methods.includes(request.method)) throw new MethodNotAllowedError(request.method, methods)
  throw notFound(POINTS.has(path) ? NO_POINTS : 'path not found')
}
