/** Which tokens a list shows, and in which order. */
import { endOf, nameOf, stateOf, type Token } from '../ui/token-state.ts'

export const TOKEN_FILTERS = ['status', 'org', 'owner', 'expires', 'used'] as const
export type TokenFilter = (typeof TOKEN_FILTERS)[number]
export type TokenSort = 'description' | 'owner' | 'org' | 'lastUsed' | 'expires' | 'status'

const DAY_MS = 86_400_000
const SOON_MS = 30 * DAY_MS
const UNUSED_MS = 90 * DAY_MS

/** What each filter keeps, by its value in the address. An unknown value keeps everything. */
function keeps(name: TokenFilter, value: string, now: number): ((token: Token) => boolean) | undefined {
  const lastUse = ({ lastUsedAt, createdAt }: Token) => Date.parse(lastUsedAt ?? createdAt)
  const filters: Partial<Record<TokenFilter, Readonly<Record<string, (token: Token) => boolean>>>> = {
    expires: {
      soon: (token) => endOf(token) > now && endOf(token) <= now + SOON_MS,
      never: ({ expiresAt }) => !expiresAt,
    },
    used: {
      never: ({ lastUsedAt }) => !lastUsedAt,
      unused: (token) => lastUse(token) <= now - UNUSED_MS,
    },
  }
  if (name === 'status') return (token) => stateOf(token, now) === value
  if (name === 'org') return ({ orgID }) => orgID === value
  if (name === 'owner') return ({ userID }) => userID === value
  return filters[name]?.[value]
}

/** The words by which a token is found: its names and ids, its status, and the names of what it may reach. */
function textOf(token: Token, now: number): string {
  const { description, user, org, id, userID, orgID, permissions } = token
  const resources = permissions.flatMap(({ resource }) => resource.name ?? [])
  return [description, user, org, id, userID, orgID, stateOf(token, now), ...resources]
    .join('\n')
    .toLowerCase()
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const KEYS: Readonly<Record<TokenSort, (token: Token, now: number) => string | number>> = {
  description: nameOf,
  owner: ({ user }) => user,
  org: ({ org }) => org,
  lastUsed: ({ lastUsedAt }) => (lastUsedAt ? Date.parse(lastUsedAt) : 0),
  expires: endOf,
  status: stateOf,
}

/** The sort order that an address asks for; an unknown one is that by description. `sort` is what the address has. */
export function sortOf(text: string | undefined): { by: TokenSort; descending: boolean; sort: string } {
  const descending = text?.startsWith('-') ?? false
  const by = descending ? text?.slice(1) : text
  return text && by && Object.hasOwn(KEYS, by)
    ? { by: by as TokenSort, descending, sort: text }
    : { by: 'description', descending: false, sort: 'description' }
}

/** The tokens with all words of the search and all filters, sorted. `now`: milliseconds since 1970. */
export function listedTokens(
  tokens: readonly Token[],
  asked: Readonly<Partial<Record<TokenFilter | 'search' | 'sort', string>>>,
  now: number,
): Token[] {
  const words = (asked.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const filters = TOKEN_FILTERS.flatMap((name) => (asked[name] && keeps(name, asked[name], now)) || [])
  const found = tokens.filter((token) => {
    if (!filters.every((isKept) => isKept(token))) return false
    if (words.length === 0) return true
    const text = textOf(token, now)
    return words.every((word) => text.includes(word))
  })
  const { by, descending } = sortOf(asked.sort)
  const compare = (one: string | number, other: string | number) =>
    typeof one === 'number' && typeof other === 'number'
      ? Number(one > other) - Number(one < other)
      : collator.compare(String(one), String(other))
  const keyed = found.map((token) => ({ token, key: KEYS[by](token, now) }))
  keyed.sort((one, other) => (descending ? compare(other.key, one.key) : compare(one.key, other.key)))
  return keyed.map(({ token }) => token)
}
