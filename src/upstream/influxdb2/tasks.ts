/** Tasks of InfluxDB, and the checks and notification rules that it runs as tasks. */
import type { ID } from '../../domain/base/id.ts'
import { fieldsOf, idOf, listOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'
import { pagesByOffset } from './stored-tasks.ts'

const TASKS = '/api/v2/tasks'
const PAGE = 100

type Client = Pick<Influxdb2Client, 'send' | 'find'>

/**
 * InfluxDB runs a task with the memberships of its owner, whether or not the owner is active, so the tasks of a user
 * who is deactivated are disabled one by one.
 */
export async function stopTasksOf(client: Client, userID: ID): Promise<void> {
  await stopPlainTasks(client, userID)
  // InfluxDB hides the tasks of these from the list of a user's tasks.
  for (const organization of await pagesByOffset(client, 'orgs', {})) {
    const orgID = idOf(organization)
    for (const name of ['checks', 'notificationRules']) {
      await stopEach(client, userID, `/api/v2/${name}`, await pagesByOffset(client, name, { orgID }))
    }
  }
}

async function stopPlainTasks(client: Client, userID: ID): Promise<void> {
  let after: ID | undefined
  do {
    const query = { user: userID, status: 'active', limit: PAGE, after }
    const page = listOf(await client.send('GET', TASKS, { query }), 'tasks')
    await stopEach(client, userID, TASKS, page)
    after = page.length === PAGE ? idOf(page.at(-1)) : undefined
  } while (after !== undefined)
}

/** Stops the user's active tasks among `found`: an older InfluxDB may list more tasks than the query asked for. */
async function stopEach(client: Client, userID: ID, path: string, found: readonly unknown[]): Promise<void> {
  for (const each of found) {
    const { ownerID, status } = fieldsOf(each)
    if (ownerID !== userID || status !== 'active') continue
    await client.find('PATCH', `${path}/${idOf(each)}`, { json: { status: 'inactive' } })
  }
}
