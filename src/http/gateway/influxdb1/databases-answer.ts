/** The answer to SHOW DATABASES, which upstream would give for everybody alike. */
import type { OwnAnswer } from '../arrival.ts'
import { csvField } from '../csv-field.ts'

export function databasesAnswer(names: readonly string[], accept: string | undefined): OwnAnswer {
  if (/\b(?:application|text)\/csv\b/.test(accept ?? '')) {
    const lines = names.map((name) => `databases,,${csvField(name)}\n`)
    return { status: 200, contentType: 'text/csv', body: `name,tags,name\n${lines.join('')}` }
  }
  const values = names.length > 0 ? { values: names.map((name) => [name]) } : {}
  const series = [{ name: 'databases', columns: ['name'], ...values }]
  return {
    status: 200,
    contentType: 'application/json',
    body: `${JSON.stringify({ results: [{ statement_id: 0, series }] })}\n`,
  }
}
