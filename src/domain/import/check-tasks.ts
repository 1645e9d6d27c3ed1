/** Remarks on tasks that stay in InfluxDB and go beyond the rights of their owner. */
import { createTaskCheck } from '../tasks/task-findings.ts'
import type { ImportRun } from './import-run.ts'

/** To be called when memberships and buckets have come. */
export async function checkTasks({ change, foreign, report }: ImportRun): Promise<void> {
  const check = createTaskCheck(change)
  for (const task of foreign.tasks) {
    for (const { reason } of await check.of(task)) {
      report.remarks.push({ kind: 'tasks', id: task.id, name: task.name, why: reason })
    }
  }
}
