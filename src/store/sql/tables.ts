/** The rows of the tables that every SQL engine has. Ids are text, so that their order is that of numbers. */
import type { Generated } from 'kysely'
import type { ID } from '../../domain/base/id.ts'

export interface Tables {
  users: {
    id: ID
    name: string
    status: 'active' | 'inactive'
    /** See `domain/users/name-key.ts`; null if another user's name is alike, or an older version wrote it. */
    name_key: Generated<string | null>
    /** Increases when all of the user's sessions end, except one. */
    session_generation: Generated<number>
    kept_session: Generated<string | null>
  }
  passwords: { user_id: ID; hash: string; must_change: number }
  organizations: { id: ID; name: string; description: string; created_at: string; updated_at: string }
  memberships: {
    /** Ascends with the order in which memberships were added. */
    position: number
    user_id: ID
    resource_type: 'orgs' | 'buckets' | 'instance'
    resource_id: ID
    role: 'member' | 'owner'
  }
  authorizations: {
    id: ID
    hashed_token: string
    status: 'active' | 'inactive'
    description: string
    org_id: ID
    user_id: ID
    /** A list of permissions, as JSON. */
    permissions: string
    created_at: string
    updated_at: string
    /** RFC 3339; null is never. */
    expires_at: string | null
    last_used_at: string | null
    /** The token before the last rotation, and until when it works. */
    previous_hashed_token: string | null
    previous_until: string | null
    /** 1 once the token was found expired, whatever the clock says later. */
    expired: number
  }
  remembered_sessions: {
    key_hash: string
    user_id: ID
    org_id: ID | null
    /** Milliseconds since 1970, as are all times of sessions. */
    created_at: number
    last_used_at: number
    expires_at: number
    address: string
    user_agent: string
    /** JSON, or empty if an older version wrote the row. */
    details: string
  }
  /** Sessions that were ended one by one, until they would have ended anyway. */
  ended_sessions: { key_hash: string; until: number }
  /** One row. */
  cluster: { id: number; epoch: number; redis_id: string | null; session_generation: number }
  /** One row at most: the key of the MAC of sessions in Redis, 32 bytes in URL-safe base64. */
  session_key: { id: number; key: string }
  /** Secrets of `totp` are sealed; `counter` is the last accepted step of one, the signature counter of a passkey. */
  second_factors: {
    id: ID
    user_id: ID
    kind: 'totp' | 'passkey'
    name: string
    secret: string
    credential_id: string | null
    counter: number
    /** JSON of a passkey's details, or empty. */
    details: string
    created_at: number
    last_used_at: number | null
  }
  recovery_codes: { user_id: ID; hash: string }
  second_factor_users: { user_id: ID; grace_used: number; handle: string | null }
  application_passwords: {
    id: ID
    user_id: ID
    name: string
    hash: string
    access: 'use' | 'read'
    created_at: number
    expires_at: number | null
    last_used_at: number | null
  }
  spent_challenges: { hash: string; until: number }
  second_factor_policies: { org_id: ID; required_for: 'nobody' | 'owners' | 'members' }
  /** One row at most: the key that seals secrets of factors, 32 bytes in URL-safe base64. */
  second_factor_key: { id: number; key: string }
  one_time_links: {
    id: ID
    hash: string
    purpose: 'invitation' | 'reset' | 'email'
    user_id: ID | null
    org_id: ID | null
    role: 'member' | 'owner' | null
    name: string | null
    address: string | null
    created_by: ID | null
    created_at: number
    expires_at: number
  }
  /** `address_key` is the verified address without case. */
  user_emails: {
    user_id: ID
    address: string | null
    address_key: string | null
    verified_at: number | null
    pending: string | null
  }
  /** See `domain/records/outside-identity.ts`. */
  linked_identities: {
    id: ID
    user_id: ID
    issuer: string
    subject: string
    provider: string
    name_there: string
    linked_at: number
    linked_by: ID | null
    last_sign_in_at: number | null
    data: string | null
  }
  /** Memberships that providers give, beside those given by hand in `memberships`. */
  provided_memberships: {
    user_id: ID
    resource_type: 'orgs' | 'buckets' | 'instance'
    resource_id: ID
    role: 'member' | 'owner'
    issuer: string
    provider: string
    group_name: string
  }
  switched_off_tokens: {
    id: ID
    kind: 'authorization' | 'legacy-authorization' | 'application-password'
    user_id: ID
    at: number
    reason: string
  }
  clock_mark: { id: number; at: number }
  known_addresses: { user_id: ID; address: string; last_at: number }
  audit_events: {
    id: ID
    time: string
    event: string
    outcome: 'success' | 'refused' | 'throttled' | 'expired' | 'failed'
    actor_user_id: ID | null
    /** Names and this organization are null in rows of before migration 0007, and of nodes that do not know it. */
    actor_user_name: string | null
    actor_session_id: ID | null
    actor_authorization_id: ID | null
    actor_authorization_description: string | null
    actor_authorization_org_id: ID | null
    target_type: string
    target_id: ID | null
    target_name: string | null
    target_org_id: ID | null
    target_org_name: string | null
    target_user_id: ID | null
    target_user_name: string | null
    address: string
    user_agent: string
    request_id: string
    count: number
    /** The text of a query, or the body of a delete; null in all other rows. */
    statement: string | null
    duration_ms: number | null
    status: number | null
  }
  legacy_authorizations: {
    id: ID
    name: string
    status: 'active' | 'inactive'
    description: string
    org_id: ID
    user_id: ID
    /** A list of permissions, as JSON. */
    permissions: string
    /** argon2id or bcrypt. */
    password_hash: string | null
    created_at: string
    updated_at: string
  }
  dbrp_mappings: {
    id: ID
    org_id: ID
    bucket_id: ID
    database: string
    retention_policy: string
    is_default: number
  }
  /** See `domain/records/imported-records.ts`. */
  imported_records: { key: string }
  buckets: {
    id: ID
    org_id: ID
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
