/** Results as annotated CSV. */
import { type Scalar, type Stream, type Table, Time } from './values.ts'

export interface Dialect {
  readonly header?: boolean
  readonly delimiter?: string
  readonly annotations?: readonly string[]
}

/** All tables of all results; a table whose columns or types differ from the one before has a head of its own. */
export function csvOf(results: readonly Stream[], dialect: Dialect = {}): string {
  const { header = true, delimiter = ',', annotations = [] } = dialect
  let text = ''
  for (const result of results) {
    const name = result.name ?? '_result'
    let number = 0
    let previous: string | undefined
    for (const table of result.tables) {
      if (table.rows.length === 0) continue
      const head = headOf(table, name, annotations, header)
        .map((cells) => lineOf(cells, delimiter))
        .join('')
      const schema = schemaOf(table)
      if (schema !== previous) text += (previous === undefined ? '' : '\r\n') + head
      previous = schema
      const result = annotations.includes('default') ? '' : name
      for (const row of table.rows) {
        text += lineOf(
          ['', result, String(number), ...table.columns.map((column) => textOf(row[column]))],
          delimiter,
        )
      }
      number++
    }
    if (previous !== undefined) text += '\r\n'
  }
  return text
}

function headOf(
  { columns, group, rows }: Table,
  name: string,
  annotations: readonly string[],
  header: boolean,
) {
  const lines: string[][] = []
  for (const annotation of annotations) {
    const cells = columns.map((column) => {
      if (annotation === 'datatype') return typeOf(rows.find((row) => row[column] != null)?.[column])
      return annotation === 'group' ? String(group.includes(column)) : ''
    })
    const first = {
      datatype: ['#datatype', 'string', 'long'],
      group: ['#group', 'false', 'false'],
      default: ['#default', name, ''],
    }[annotation] ?? [`#${annotation}`, '', '']
    lines.push([...first, ...cells])
  }
  if (header) lines.push(['', 'result', 'table', ...columns])
  return lines
}

function schemaOf(table: Table): string {
  return JSON.stringify(headOf(table, '', ['datatype', 'group'], true))
}

function typeOf(value: Scalar): string {
  if (value instanceof Time) return 'dateTime:RFC3339'
  if (typeof value === 'bigint') return 'long'
  if (typeof value === 'number') return 'double'
  return typeof value === 'boolean' ? 'boolean' : 'string'
}

function textOf(value: Scalar): string {
  return value == null ? '' : String(value)
}

function lineOf(cells: readonly string[], delimiter: string): string {
  const quoted = cells.map((cell) =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  )
  return `${quoted.join(delimiter)}\r\n`
}
