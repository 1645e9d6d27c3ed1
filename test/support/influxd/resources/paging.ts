/** Pages of lists, and the links between them. */
import type { Exchange } from '../core/exchange.ts'

export function byID(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}

const DEFAULT_LIMIT = 20

export interface Page<T> {
  readonly part: readonly T[]
  readonly links: { readonly self: string; readonly next?: string; readonly prev?: string }
}

/** Users and buckets are also paged by the id of the last one before, organizations not. */
export function pagingOf<T extends { readonly id: string }>(
  { path, query }: Exchange,
  all: readonly T[],
  mayRead: (each: T) => boolean = () => true,
): Page<T> {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT)
  const offset = Number(query.get('offset') ?? 0)
  const linkTo = (at: number) => {
    const parameters = new URLSearchParams(query)
    parameters.set('descending', query.get('descending') ?? 'false')
    parameters.set('limit', String(limit))
    parameters.set('offset', String(at))
    parameters.sort()
    return `${path}?${parameters}`
  }
  const after = query.get('after')
  const following = after ? all.filter(({ id }) => id > after) : all
  const part = following.slice(offset, limit < 0 ? undefined : offset + limit).filter(mayRead)
  return {
    part,
    links: {
      ...(offset > 0 && { prev: linkTo(Math.max(0, offset - limit)) }),
      self: linkTo(offset),
      ...(part.length >= limit && { next: linkTo(offset + limit) }),
    },
  }
}
