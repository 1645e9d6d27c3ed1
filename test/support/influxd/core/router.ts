/** Routes by method and path; the first that matches answers. */
import type { Answer, Exchange } from './exchange.ts'

export type Handler = (exchange: Exchange) => Answer | Promise<Answer>

export interface Route {
  readonly method: string
  readonly pattern: RegExp
  readonly handle: Handler
  /** Needs no credentials. */
  readonly isOpen: boolean
}

/** `path` may name parts, `:id`, and end with `*`. */
export function route(method: string, path: string, handle: Handler): Route {
  return { method, pattern: patternOf(path), handle, isOpen: false }
}

export function openRoute(method: string, path: string, handle: Handler): Route {
  return { ...route(method, path, handle), isOpen: true }
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part.startsWith(':')) return `(?<${part.slice(1)}>[^/]+)`
    return part === '*' ? '.*' : part.replaceAll('.', '\\.')
  })
  return new RegExp(`^${parts.join('/')}$`)
}

export interface Found {
  readonly route: Route | undefined
  readonly params: Readonly<Record<string, string>>
  /** The methods of the path. */
  readonly allowed: readonly string[]
}

export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const allowed: string[] = []
  for (const each of routes) {
    const match = each.pattern.exec(path)
    if (!match) continue
    if (each.method === method) return { route: each, params: { ...match.groups }, allowed }
    allowed.push(each.method)
  }
  return { route: undefined, params: {}, allowed }
}
