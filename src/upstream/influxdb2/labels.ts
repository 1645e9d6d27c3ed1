/** Labels of buckets, as InfluxDB shows them to a caller. */
import type { ID } from '../../domain/base/id.ts'
import type { Label, LabelRequest, UpstreamLabels } from '../../domain/records/upstream.ts'
import { fieldsOf, idOf, listOf, textOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'
import { TokenRefusedError } from './failure.ts'

const BUCKETS = '/api/v2/buckets'
/** The most that InfluxDB gives in one answer. */
const PAGE = 100

export function createInfluxdb2Labels({ find }: Pick<Influxdb2Client, 'find'>): UpstreamLabels {
  /** `none` if there is nothing of that name. */
  async function ask(path: string, request: LabelRequest, query = {}): Promise<unknown> {
    try {
      return (await find('GET', path, { ...request, query })) ?? 'none'
    } catch (error) {
      // Upstream refused the token that stands for the caller, whatever the error says.
      if (error instanceof TokenRefusedError) return undefined
      throw error
    }
  }

  return {
    async ofOrganization(orgID, request) {
      const answer = await ask(BUCKETS, request, { orgID, limit: PAGE })
      if (answer === undefined) return undefined
      const buckets = answer === 'none' ? [] : listOf(answer, 'buckets')
      return new Map(buckets.map((bucket): [ID, Label[]] => [idOf(bucket), labelsIn(bucket)]))
    },
    async ofBucket(id, request) {
      const answer = await ask(`${BUCKETS}/${id}`, request)
      if (answer === undefined) return undefined
      return answer === 'none' ? [] : labelsIn(answer)
    },
  }
}

function labelsIn(bucket: unknown): Label[] {
  return listOf({ labels: fieldsOf(bucket).labels ?? [] }, 'labels').map(labelOf)
}

function labelOf(answer: unknown): Label {
  const { properties } = fieldsOf(answer)
  return {
    id: idOf(answer),
    orgID: idOf(answer, 'orgID'),
    name: textOf(answer, 'name'),
    ...(properties === undefined || properties === null ? {} : { properties: textsIn(properties) }),
  }
}

function textsIn(properties: unknown): Record<string, string> {
  return Object.fromEntries(Object.keys(fieldsOf(properties)).map((name) => [name, textOf(properties, name)]))
}
