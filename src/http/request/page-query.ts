import type { ID } from '../../domain/base/id.ts'
import type { PageRequest } from '../../domain/base/paging.ts'

const DEFAULT_LIMIT = 20

/** The page that a validated query asks for; a negative offset counts as 0, one past all counting as the last. */
export function pageRequest(query: {
  limit?: number
  offset?: number
  after?: string
  descending?: boolean
}): PageRequest {
  return {
    limit: query.limit ?? DEFAULT_LIMIT,
    offset: Math.min(Math.max(query.offset ?? 0, 0), Number.MAX_SAFE_INTEGER),
    after: toID(query.after),
    descending: query.descending ?? false,
  }
}

/** A validated id in the lower case in which ids are kept. */
export function toID(text: string): ID
export function toID(text: string | undefined): ID | undefined
export function toID(text: string | undefined): ID | undefined {
  return text === undefined ? undefined : (text.toLowerCase() as ID)
}
