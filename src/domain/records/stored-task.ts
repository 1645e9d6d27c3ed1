/** What upstream runs on schedule: tasks, and the checks and notification rules that it runs as tasks. */
import type { ID } from '../base/id.ts'

export const TASK_TYPES = ['task', 'check', 'notificationRule'] as const
export type TaskType = (typeof TASK_TYPES)[number]

export interface StoredTask {
  readonly id: ID
  readonly type: TaskType
  readonly orgID: ID
  /** The user with whose memberships it runs; undefined if upstream does not say. */
  readonly ownerID: ID | undefined
  readonly name: string
  readonly status: 'active' | 'inactive'
  /** Undefined if upstream does not show it. */
  readonly flux: string | undefined
}
