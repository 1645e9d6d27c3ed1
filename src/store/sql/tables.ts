/** The rows of the tables that every SQL engine has. Ids are text, so that their order is that of numbers. */
import type { Id } from '../../domain/id.ts'

export interface Tables {
  users: { id: Id; name: string; status: 'active' | 'inactive' }
  passwords: { user_id: Id; hash: string }
  organizations: { id: Id; name: string; description: string; created_at: string; updated_at: string }
  memberships: {
    /** Ascends with the order in which memberships were added. */
    position: number
    user_id: Id
    resource_type: 'orgs' | 'buckets' | 'instance'
    resource_id: Id
    role: 'member' | 'owner'
  }
  authorizations: {
    id: Id
    hashed_token: string
    status: 'active' | 'inactive'
    description: string
    org_id: Id
    user_id: Id
    /** JSON. */
    permissions: string
    created_at: string
    updated_at: string
  }
  buckets: {
    id: Id
    org_id: Id
    type: 'user' | 'system'
    name: string
    description: string
    retention_policy: string
    retention_seconds: number
    shard_group_seconds: number
    created_at: string
    updated_at: string
  }
}
