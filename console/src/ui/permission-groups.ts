/** Permissions by organization and resource, each row with the grants that give it. */
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'

type Permission = Shapes['Permission']
export type Grant = Shapes['Grant']
export type Access = 'both' | 'read' | 'write'

export interface Names {
  readonly orgs: ReadonlyMap<string, string>
  readonly buckets: ReadonlyMap<string, string>
}

export interface Reason {
  readonly grant: Grant
  /** What a token gives of the row, in words. */
  readonly things: ReadonlySet<string>
}

export interface Row {
  readonly access: Access
  /** `all`: everything of the group. `types`: whole types of resource. Else single resources of this type. */
  readonly kind: 'all' | 'types' | `of ${string}`
  readonly things: ReadonlySet<string>
  readonly reasons: readonly Reason[]
}

export interface Group {
  /** `server`, `self`, `single` (resources whose organization is not known), or the id of an organization. */
  readonly place: string
  readonly title: string
  /** Whether the reader may open the organization's page. */
  readonly isReadable: boolean
  /** The user's role in the organization, if one is. */
  readonly role: string | undefined
  readonly rows: readonly Row[]
}

interface Known {
  readonly names: Names
  /** All types of resource that an organization has. */
  readonly types: readonly string[]
  /** The id of the user. */
  readonly self: string | undefined
}

interface Item {
  readonly grant: Grant
  readonly action: 'read' | 'write'
  readonly resource: Permission['resource']
}

const PLACES = ['server', 'single', 'self']
const KINDS = ['all', 'types', 'of']
const ACCESSES: readonly Access[] = ['both', 'read', 'write']

/** A permission within a wider one of the same group adds to the reasons of that one's row. */
export function groupsOf(grants: readonly Grant[], { names, types, self }: Known): Group[] {
  const places = new Map<string, Item[]>()
  for (const grant of grants) {
    for (const { action, resource } of grant.permissions) {
      const place = placeOf(resource, self)
      const items = places.get(place) ?? []
      places.set(place, items)
      items.push({ grant, action: action as Item['action'], resource })
    }
  }
  const groups = [...places].map(([place, items]): Group => {
    const org = items.find(({ resource }) => resource.org)?.resource.org
    const membership = grants.find(({ resource }) => resource?.type === 'orgs' && resource.id === place)
    return {
      place,
      title: titleOf(place) ?? names.orgs.get(place) ?? org ?? membership?.resource?.name ?? place,
      isReadable: names.orgs.has(place),
      role: membership?.role,
      rows: rowsOf(items, { names, types, self }),
    }
  })
  const rank = ({ place }: Group) =>
    [PLACES[0], '', PLACES[1], PLACES[2]].indexOf(titleOf(place) ? place : '')
  return groups.sort((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title))
}

function placeOf({ type, id, orgID }: Permission['resource'], self: string | undefined): string {
  if (type === 'users' && id !== undefined && id === self) return 'self'
  if (type === 'orgs' && id) return id
  return orgID ?? (id ? 'single' : 'server')
}

const titleOf = (place: string): string | undefined =>
  (texts.permissions.places as Readonly<Record<string, string>>)[place]

function rowsOf(items: readonly Item[], { names, types, self }: Known): Row[] {
  const whole = { read: new Set<string>(), write: new Set<string>() }
  const single = new Map<string, Set<string>>()
  for (const { action, resource } of items) {
    if (isWhole(resource)) whole[action].add(resource.type)
    else single.set(keyOf(resource), (single.get(keyOf(resource)) ?? new Set()).add(action))
  }
  const hasAll = (action: Item['action']) =>
    types.length > 0 && types.every((type) => whole[action].has(type))
  const all = { read: hasAll('read'), write: hasAll('write') }
  const rows = new Map<string, { row: Row; things: Set<string>; reasons: Map<Grant, Set<string>> }>()

  function rowFor({ action, resource }: Item): Pick<Row, 'kind' | 'access'> {
    const other = action === 'read' ? 'write' : 'read'
    const { type } = resource
    const isCovered = (by: Item['action']) => all[by] && type !== 'instance'
    if (isCovered(action)) return { kind: 'all', access: all[other] ? 'both' : action }
    if (whole[action].has(type)) {
      return { kind: 'types', access: whole[other].has(type) && !isCovered(other) ? 'both' : action }
    }
    const isBoth = single.get(keyOf(resource))?.has(other) && !isCovered(other) && !whole[other].has(type)
    return { kind: `of ${type}`, access: isBoth ? 'both' : action }
  }

  for (const item of items) {
    const { kind, access } = rowFor(item)
    const key = `${kind} ${access}`
    const found = rows.get(key)
    const things = found?.things ?? new Set<string>()
    const reasons = found?.reasons ?? new Map<Grant, Set<string>>()
    if (!found) rows.set(key, { row: { kind, access, things, reasons: [] }, things, reasons })
    const word = wordOf(item, names, self)
    if (kind === 'all') things.add(texts.permissions.all)
    else if (kind !== 'types' || isWhole(item.resource)) things.add(word.thing)
    reasons.set(item.grant, (reasons.get(item.grant) ?? new Set()).add(word.alone))
  }
  return [...rows.values()]
    .map(({ row, reasons }) => ({
      ...row,
      reasons: [...reasons].map(([grant, things]) => ({ grant, things })),
    }))
    .sort((one, other) => rankOf(one) - rankOf(other))
}

const rankOf = ({ kind, access }: Row) =>
  10 * KINDS.indexOf(kind.split(' ')[0] ?? '') + ACCESSES.indexOf(access)

/** Whether it is for the whole type in its place. The organization itself counts as that: its type has no other there. */
const isWhole = ({ type, id }: Permission['resource']) => !id || type === 'orgs'

const keyOf = ({ type, id }: Permission['resource']) => `${type} ${id}`

/** What a permission is for: in a row of its type, and by itself. */
function wordOf(
  { resource: { type, id, name }, grant: { resource: of } }: Item,
  names: Names,
  self: string | undefined,
) {
  const [one, many] = texts.permissions.types[type] ?? [type, type]
  if (type === 'instance') return both(texts.permissions.everything)
  if (type === 'orgs' && id) return both(texts.permissions.orgItself)
  if (!id) return both(many)
  if (type === 'users' && id === self) return both(texts.permissions.ownUser)
  const thing = name ?? names.buckets.get(id) ?? (of?.id === id && of.name ? of.name : id)
  return { thing, alone: `${one} ${thing}` }
}

const both = (thing: string) => ({ thing, alone: thing })
