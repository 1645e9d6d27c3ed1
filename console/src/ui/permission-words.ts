/** Permissions in words. */
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'

type Permission = Shapes['Permission']

export interface Names {
  readonly orgs: ReadonlyMap<string, string>
  readonly buckets: ReadonlyMap<string, string>
}

/** One entry per resource: "Read and write", "buckets in analytics". */
export function permissionWords(permissions: readonly Permission[], names: Names, self?: string) {
  const byThing = new Map<string, Set<string>>()
  for (const { action, resource } of permissions) {
    const thing = thingWords(resource, names, self)
    byThing.set(thing, (byThing.get(thing) ?? new Set()).add(action))
  }
  return [...byThing].map(([thing, actions]) => ({
    verb: texts.permissions[actions.size > 1 ? 'both' : actions.has('write') ? 'write' : 'read'],
    thing,
  }))
}

function thingWords(
  { type, id, orgID, name, org }: Permission['resource'],
  names: Names,
  self?: string,
): string {
  const [one, many] = texts.permissions.types[type] ?? [type, type]
  if (type === 'instance') return texts.permissions.everything
  if (type === 'users' && id !== undefined && id === self) return texts.permissions.ownUser
  if (id) {
    const known = name ?? (type === 'orgs' ? names.orgs.get(id) : names.buckets.get(id))
    return texts.permissions.one(one, known ?? id)
  }
  if (orgID) return texts.permissions.inOrg(many, org ?? names.orgs.get(orgID) ?? orgID)
  return texts.permissions.inAll(many)
}
