/** A task in InfluxDB's metadata. Each check and notification rule has a task there too. */
import { idIn } from '../../domain/base/id.ts'
import type { StoredTask, TaskType } from '../../domain/records/stored-task.ts'
import type { MetadataRow } from './metadata-row.ts'

const CHECKS: ReadonlySet<string> = new Set(['deadman', 'threshold', 'custom'])

/** The id is that of the task, also for a check and a rule. Nothing of it is taken over, so little is demanded. */
export function readTask(row: MetadataRow): StoredTask {
  return {
    id: row.ownID(),
    type: typeOf(row.text('type', '')),
    orgID: row.id('orgID'),
    ownerID: idIn(row.text('ownerID', '')),
    name: row.text('name', ''),
    status: row.text('status', '') === 'inactive' ? 'inactive' : 'active',
    flux: row.text('flux', ''),
  }
}

/** Tasks of early versions have no type. */
function typeOf(type: string): TaskType {
  if (type === '' || type === 'system') return 'task'
  return CHECKS.has(type) ? 'check' : 'notificationRule'
}
