/** Permissions: the actions and resource types, and how a permission is written as text. */
import { invalid } from '../base/errors.ts'
import type { ID } from '../base/id.ts'

export const ACTIONS = ['read', 'write'] as const
export type Action = (typeof ACTIONS)[number]

/** In InfluxDB's order, in which `GET /api/v2/resources` and the operator token list them. */
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
  'instance',
] as const
export type ResourceType = (typeof RESOURCE_TYPES)[number]

export interface Resource {
  readonly type: ResourceType
  readonly id?: ID
  readonly orgID?: ID
}

export interface Permission {
  readonly action: Action
  readonly resource: Resource
}

/** Builds a permission; `scope` narrows it to an id, an organization, or both. */
export function permission(
  action: Action,
  type: ResourceType,
  scope: { id?: ID; orgID?: ID } = {},
): Permission {
  return { action, resource: { type, ...scope } }
}

/** The form used in refusals: `write:orgs/ORG/buckets/ID`, without the parts that are not set. */
export function formatPermission({ action, resource: { type, id, orgID } }: Permission): string {
  const path = [...(orgID ? ['orgs', orgID] : []), type, ...(id ? [id] : [])]
  return `${action}:${path.join('/')}`
}

/** A permission as the client sent it: ids are well-formed, action and type are not checked yet. */
export interface PermissionInput {
  readonly action?: string | undefined
  readonly resource?: { readonly type?: string; readonly id?: string; readonly orgID?: string } | undefined
}

/** Checks the action and type that the client sent; throws `invalid` with InfluxDB's message. */
export function parsePermission(input: PermissionInput): Permission {
  const { type, id, orgID } = input.resource ?? {}
  if (!RESOURCE_TYPES.includes(type as ResourceType)) {
    throw invalid('invalid resource type for permission: unknown resource type for permission')
  }
  if (!ACTIONS.includes(input.action as Action)) {
    throw invalid('invalid action type for permission: unknown action for permission')
  }
  return permission(input.action as Action, type as ResourceType, {
    ...(id ? { id: id.toLowerCase() as ID } : {}),
    ...(orgID ? { orgID: orgID.toLowerCase() as ID } : {}),
  })
}
