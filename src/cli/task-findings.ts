/** Tasks that go beyond the rights of their owner, as `sluice upstream status` shows them. */
import type { TaskType } from '../domain/records/stored-task.ts'
import type { Screen } from './terminal/screen.ts'
import { type Columns, jsonLine, table } from './terminal/table.ts'

export interface ShownTask {
  readonly type: TaskType
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly ownerID?: string
  readonly status: string
  readonly reason: string
}

const TYPES: Readonly<Record<TaskType, string>> = {
  task: 'task',
  check: 'check',
  notificationRule: 'notification rule',
}

/** Empty if there are none. */
export function taskText(tasks: readonly ShownTask[], screen: Screen): string {
  if (tasks.length === 0) return ''
  return `Tasks that go beyond the rights of their owner, or cannot be judged:\n${table(COLUMNS, tasks, screen)}`
}

/** One object a line. */
export function taskJson(tasks: readonly ShownTask[]): string {
  return tasks.map(jsonLine).join('')
}

const COLUMNS: Columns<ShownTask> = {
  type: ({ type }: ShownTask) => TYPES[type] ?? type,
  id: { cell: ({ id }) => id, fit: 'keep' },
  name: ({ name }: ShownTask) => name,
  status: ({ status }: ShownTask) => status,
  owner: ({ ownerID = '-' }: ShownTask) => ownerID,
  why: { cell: ({ reason }) => reason, fit: 'wrap' },
}
