/** All that the stand-in knows. Tests may look into it, and change it behind the gateway's back. */
import { createIDs, type NextID } from './ids.ts'
import type { Permission, ResourceType } from './permissions.ts'

export interface User {
  readonly id: string
  name: string
  status: 'active' | 'inactive'
  password?: string
}

export interface Organization {
  readonly id: string
  name: string
  description: string
  readonly createdAt: string
  updatedAt: string
}

export interface Bucket {
  readonly id: string
  readonly orgID: string
  readonly type: 'user' | 'system'
  name: string
  description?: string
  rp?: string
  retentionSeconds: number
  shardGroupSeconds: number
  readonly createdAt: string
  updatedAt: string
}

export interface Membership {
  readonly userID: string
  readonly resourceType: ResourceType
  readonly resourceID: string
  readonly role: 'member' | 'owner'
}

export interface Authorization {
  readonly id: string
  /** Kept for the look-up; with hashing on, only the answer to its creation shows it. */
  readonly token: string
  status: 'active' | 'inactive'
  description: string
  readonly orgID: string
  readonly userID: string
  readonly permissions: readonly Permission[]
  readonly createdAt: string
  updatedAt: string
  /** Of 1.x authorizations, whose `token` is the user's name. */
  password?: string
}

export interface Session {
  readonly id: string
  readonly key: string
  readonly userID: string
}

export interface Mapping {
  readonly id: string
  readonly database: string
  retention_policy: string
  default: boolean
  readonly orgID: string
  readonly bucketID: string
  readonly virtual: boolean
}

export type FieldValue = string | number | bigint | boolean

export interface Point {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly field: string
  readonly value: FieldValue
  /** Nanoseconds since 1970. */
  readonly time: bigint
}

/** A dashboard, label, variable...: what the client sent, with what the server adds. */
export interface Record_ {
  readonly id: string
  readonly orgID: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the client sent
  [key: string]: any
}

export interface State {
  readonly nextID: NextID
  readonly users: Map<string, User>
  readonly orgs: Map<string, Organization>
  readonly buckets: Map<string, Bucket>
  readonly memberships: Membership[]
  readonly authorizations: Map<string, Authorization>
  readonly legacyAuthorizations: Map<string, Authorization>
  readonly sessions: Map<string, Session>
  readonly mappings: Map<string, Mapping>
  /** Values by organization and key. */
  readonly secrets: Map<string, Map<string, string>>
  /** By bucket. */
  readonly points: Map<string, Point[]>
  /** Dashboards, labels, tasks and so on, by the last part of their collection's path. */
  readonly records: Map<string, Map<string, Record_>>
  /** Ids of labels by the resource that they are on. */
  readonly labelled: Map<string, Set<string>>
}

export function createState(): State {
  return {
    nextID: createIDs(),
    users: new Map(),
    orgs: new Map(),
    buckets: new Map(),
    memberships: [],
    authorizations: new Map(),
    legacyAuthorizations: new Map(),
    sessions: new Map(),
    mappings: new Map(),
    secrets: new Map(),
    points: new Map(),
    records: new Map(),
    labelled: new Map(),
  }
}

export function recordsOf(state: State, collection: string): Map<string, Record_> {
  const known = state.records.get(collection)
  if (known) return known
  const made = new Map<string, Record_>()
  state.records.set(collection, made)
  return made
}

export function byName<T extends { name: string }>(all: Map<string, T>, name: string): T | undefined {
  return all.values().find((each) => each.name === name)
}

export function nowText(): string {
  return new Date().toISOString()
}
