/** DBRP mappings of InfluxDB 2. */
import type { ID } from '../../domain/base/id.ts'
import type { DbrpMapping } from '../../domain/records/dbrp-mapping.ts'
import { fieldsOf, idOf, listOf, textOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'

/** All of these organizations; an organization that is not there has none. */
export async function mappingsOf(
  { find }: Pick<Influxdb2Client, 'find'>,
  organizations: readonly ID[],
): Promise<DbrpMapping[]> {
  const all: DbrpMapping[] = []
  for (const orgID of organizations) {
    const answer = await find('GET', '/api/v2/dbrps', { query: { orgID } })
    const listed = answer === undefined ? [] : listOf(answer, 'content')
    all.push(...listed.filter((each) => fieldsOf(each).virtual !== true).map(mappingOf))
  }
  return all
}

function mappingOf(answer: unknown): DbrpMapping {
  return {
    ...{ id: idOf(answer), orgID: idOf(answer, 'orgID'), bucketID: idOf(answer, 'bucketID') },
    ...{ database: textOf(answer, 'database'), retentionPolicy: textOf(answer, 'retention_policy') },
    isDefault: fieldsOf(answer).default === true,
  }
}
