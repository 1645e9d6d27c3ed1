/** Tasks, checks and notification rules of every organization, with the Flux that InfluxDB runs for them. */
import { SluiceError } from '../../domain/base/errors.ts'
import type { ID } from '../../domain/base/id.ts'
import { inLanes } from '../../domain/base/in-lanes.ts'
import type { StoredTask, TaskType } from '../../domain/records/stored-task.ts'
import type { UpstreamTasks } from '../../domain/records/upstream.ts'
import { idOf, listOf, optionalID, textOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'

/** The most that InfluxDB gives in one answer; of tasks it would give more. */
const PAGE = 100
/** How many organizations are asked about at one time. */
const LANES = 8

type Client = Pick<Influxdb2Client, 'send' | 'find'>
type Query = Readonly<Record<string, string | number>>

export function createInfluxdb2Tasks(client: Client): UpstreamTasks {
  return {
    async list() {
      const ids = (await pagesByOffset(client, 'orgs', {})).map((each) => idOf(each))
      const found: StoredTask[] = []
      await inLanes(ids, LANES, async (orgID) => {
        found.push(...(await tasksOf(client, orgID)))
        // InfluxDB hides the tasks of these from the list of tasks.
        found.push(...(await generatedOf(client, orgID, 'check', 'checks')))
        found.push(...(await generatedOf(client, orgID, 'notificationRule', 'notificationRules')))
      })
      return found.sort((one, other) => (one.id < other.id ? -1 : 1))
    },
  }
}

/** InfluxDB lists tasks of all users only if an organization is named. */
async function tasksOf({ send }: Client, orgID: ID): Promise<StoredTask[]> {
  const all: StoredTask[] = []
  for (let from = {}; ; ) {
    const answer = await send('GET', '/api/v2/tasks', { query: { orgID, limit: PAGE, ...from } })
    const page = listOf(answer, 'tasks')
    all.push(...page.map((each) => ({ ...taskOf(each, 'task'), flux: textOf(each, 'flux') })))
    if (page.length < PAGE) return all
    from = { after: idOf(page.at(-1)) }
  }
}

/** The Flux that InfluxDB generates for checks and rules. It shows the text of one at a time only. */
async function generatedOf(client: Client, orgID: ID, type: TaskType, path: string): Promise<StoredTask[]> {
  const all: StoredTask[] = []
  for (const each of await pagesByOffset(client, path, { orgID })) {
    all.push({ ...taskOf(each, type), flux: await fluxAt(client, `/api/v2/${path}/${idOf(each)}/query`) })
  }
  return all
}

/** Undefined if InfluxDB cannot make it, as for a rule whose endpoint is gone. */
async function fluxAt({ find }: Client, path: string): Promise<string | undefined> {
  try {
    const answer = await find('GET', path)
    return answer === undefined ? undefined : textOf(answer, 'flux')
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'unavailable') throw error
    return undefined
  }
}

function taskOf(answer: unknown, type: TaskType): Omit<StoredTask, 'flux'> {
  return {
    ...{ id: idOf(answer), type, orgID: idOf(answer, 'orgID'), name: textOf(answer, 'name', '') },
    ownerID: optionalID(answer, 'ownerID'),
    status: textOf(answer, 'status', 'active') === 'inactive' ? 'inactive' : 'active',
  }
}

/** The list has the last part of its path as its name. */
export async function pagesByOffset({ send }: Client, name: string, query: Query): Promise<unknown[]> {
  const all: unknown[] = []
  for (;;) {
    const answer = await send('GET', `/api/v2/${name}`, {
      query: { ...query, limit: PAGE, offset: all.length },
    })
    const page = listOf(answer, name)
    all.push(...page)
    if (page.length !== PAGE) return all
  }
}
