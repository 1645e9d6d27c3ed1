/** What a permission covers, and which permissions follow from memberships. */

export const RESOURCE_TYPES = [
  'authorizations',
  'buckets',
  'dashboards',
  'orgs',
  'sources',
  'tasks',
  'telegrafs',
  'users',
  'variables',
  'scrapers',
  'secrets',
  'labels',
  'views',
  'documents',
  'notificationRules',
  'notificationEndpoints',
  'checks',
  'dbrp',
  'notebooks',
  'annotations',
  'remotes',
  'replications',
] as const

export type ResourceType = (typeof RESOURCE_TYPES)[number] | 'instance'
export type Action = 'read' | 'write'

export interface Resource {
  readonly type: ResourceType
  readonly id?: string
  readonly orgID?: string
}

export interface Permission {
  readonly action: Action
  readonly resource: Resource
}

const ACTIONS: readonly Action[] = ['read', 'write']

export function permission(action: Action, type: ResourceType, at: Omit<Resource, 'type'> = {}): Permission {
  return { action, resource: { type, ...at } }
}

/** `read:orgs/ORG/buckets/ID`, as InfluxDB names a permission in its messages. */
export function nameOf({ action, resource: { type, id, orgID } }: Permission): string {
  return `${action}:${[orgID && `orgs/${orgID}`, type, id].filter(Boolean).join('/')}`
}

/**
 * A permission with an id covers that id, whatever the organization in either of them: a write that names a foreign
 * bucket by id beside the caller's own organization passes with an org-wide permission.
 */
export function covers(held: Permission, wanted: Permission): boolean {
  if (held.action !== wanted.action) return false
  const [have, want] = [held.resource, wanted.resource]
  if (have.type === 'instance') return true
  if (have.type !== want.type) return false
  if (!have.id && !have.orgID) return true
  if (have.id) return have.id === want.id
  return have.orgID === want.orgID
}

/** The 44 permissions of the operator token, on everything. */
export function operatorPermissions(): Permission[] {
  return RESOURCE_TYPES.flatMap((type) => ACTIONS.map((action) => permission(action, type)))
}

export function ownerPermissions(orgID: string): Permission[] {
  return RESOURCE_TYPES.flatMap((type) =>
    ACTIONS.map((action) => permission(action, type, type === 'orgs' ? { id: orgID } : { orgID })),
  )
}

export function memberPermissions(orgID: string): Permission[] {
  return ownerPermissions(orgID).filter(({ action }) => action === 'read')
}

export function ownPermissions(userID: string): Permission[] {
  return ACTIONS.map((action) => permission(action, 'users', { id: userID }))
}

export function instancePermissions(): Permission[] {
  return ACTIONS.map((action) => permission(action, 'instance'))
}
