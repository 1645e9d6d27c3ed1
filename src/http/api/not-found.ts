/** Requests that no route answers. */
import type { FastifyRequest } from 'fastify'
import { notFound, SluiceError } from '../../domain/base/errors.ts'
import type { Authenticate } from '../protection/authentication.ts'

interface KnownPath {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/** Remembers which paths there are and which methods each has. */
export interface PathTable {
  add(url: string, methods: readonly string[]): void
  /** The methods of a path; undefined where there is no such path. */
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

/** The path of a request, without its query. */
export function pathOf({ url }: { url: string }): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** A path where another method would do; `allow` is the value of the header (RFC 9110, 15.5.6). */
export class MethodNotAllowedError extends SluiceError {
  readonly allow: string

  constructor(method: string, methods: readonly string[]) {
    const allow = methods.join(', ')
    super('method not allowed', `${method} is not allowed here; allowed are ${allow || 'none'}`)
    this.allow = allow
  }
}

/**
 * Says why nothing answers: under `/api/v2` only to those who show who they are, so that nobody else learns
 * which paths there are. `OPTIONS` without an origin is no preflight, and refused before that; so `Allow` never has it.
 */
export async function refuseUnknown(
  request: FastifyRequest,
  deps: { paths: PathTable; authenticate: Authenticate },
): Promise<never> {
  const path = pathOf(request)
  const methods = deps.paths.methodsOf(path)
  if (request.method === 'OPTIONS') throw new MethodNotAllowedError('OPTIONS', methods ?? [])
  if (path.startsWith('/api/v2/') || path === '/api/v2') await deps.authenticate(request)
  if (methods && !methods.includes(request.method)) throw new MethodNotAllowedError(request.method, methods)
  throw notFound('path not found')
}
