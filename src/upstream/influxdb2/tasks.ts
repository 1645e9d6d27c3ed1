/** Tasks of InfluxDB, and the checks and notification rules that it runs as tasks. */
import type { ID } from '../../domain/base/id.ts'
import { fieldsOf, idOf, listOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'

const TASKS = '/api/v2/tasks'
const PAGE = 100

/**
 * InfluxDB runs a task with the memberships of its owner, whether or not the owner is active, so the tasks of a user
 * who is deactivated are switched off one by one.
 */
export async function stopTasksOf(
  { send, find }: Pick<Influxdb2Client, 'send' | 'find'>,
  userID: ID,
): Promise<void> {
  let after: ID | undefined
  do {
    const answer = await send('GET', TASKS, { query: { user: userID, status: 'active', limit: PAGE, after } })
    const page = listOf(answer, 'tasks')
    for (const task of page) {
      // Of an older InfluxDB, which may list more than was asked for.
      const { ownerID, status } = fieldsOf(task)
      if (ownerID !== userID || status !== 'active') continue
      await find('PATCH', `${TASKS}/${idOf(task)}`, { json: { status: 'inactive' } })
    }
    after = page.length === PAGE ? idOf(page.at(-1)) : undefined
  } while (after !== undefined)
}
