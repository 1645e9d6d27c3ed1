import { type Rule, STATEMENTS } from '../src/domain/influxql/statements.ts'
import { generatedPart } from './generated-part.ts'

const NEEDS: Readonly<Record<Rule, string>> = {
  read: '`read` on each bucket that it names',
  write: '`write` on the bucket of the database',
  'read-write': '`read` on what it reads, `write` on what it writes',
  manage:
    'The right to create and delete buckets of the organization, and `write` on the bucket; of what it reads and writes those rights too',
  operator: 'An operator',
  anybody: 'Nothing; the answer has the databases that the caller may read',
  never: 'Never forwarded: Sluice keeps users and rights',
}

/** A document with its table of InfluxQL statements updated from the code. */
export function withStatements(document: string): string {
  const byRule = Map.groupBy(Object.entries(STATEMENTS), ([, { rule }]) => rule)
  const rows = [...byRule].map(
    ([rule, all]) => `| ${all.map(([name]) => `\`${name}\``).join(', ')} | ${NEEDS[rule]} |`,
  )
  const table = ['| Statement | Needs |', '| --- | --- |', ...rows].join('\n')
  return generatedPart(document, 'statements', table)
}
