import { invalid } from '../../../domain/base/errors.ts'
import type { OwnAnswer } from '../arrival.ts'
import { csvField } from '../csv-field.ts'

export type Rows = readonly Readonly<Record<string, string | boolean>>[]

/**
 * Rows as InfluxDB 3 writes them (influxdb3_server/src/http.rs, `record_batch_stream_to_body`); every row has the same
 * columns. Throws `invalid` for a format that is not written here.
 */
export function rowsAnswer(rows: Rows, columns: readonly string[], format = 'json'): OwnAnswer {
  const written = FORMATS[format]
  if (!written) throw invalid(`this list is not written as ${format}; send format=json, jsonl, csv or pretty`)
  const { contentType, write } = written
  return { status: 200, contentType, body: write(rows, columns) }
}

type Write = (rows: Rows, columns: readonly string[]) => string

const lines = (all: readonly string[]) => all.map((each) => `${each}\n`).join('')

const asJsonLines: Write = (rows) => lines(rows.map((row) => JSON.stringify(row)))

const FORMATS: Readonly<Record<string, { readonly contentType: string; readonly write: Write }>> = {
  json: { contentType: 'application/json', write: (rows) => JSON.stringify(rows) },
  jsonl: { contentType: 'application/jsonl', write: asJsonLines },
  json_lines: { contentType: 'application/jsonl', write: asJsonLines },
  csv: {
    contentType: 'text/csv',
    write: (rows, columns) =>
      lines(
        [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((each) =>
          each.map((value) => csvField(String(value))).join(),
        ),
      ),
  },
  pretty: { contentType: 'text/plain; charset=utf-8', write: asTable },
}

function asTable(rows: Rows, columns: readonly string[]): string {
  const table = [columns, ...rows.map((row) => columns.map((name) => String(row[name])))]
  const widths = columns.map((_, at) => Math.max(...table.map((cells) => (cells[at] ?? '').length)))
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`
  const [head = '', ...others] = table.map(
    (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  )
  return [rule, head, rule, ...others, rule].join('\n')
}
