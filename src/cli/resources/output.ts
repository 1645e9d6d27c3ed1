/** How the records of a running server are printed: as a table, as JSON, or only by their ids. */
import { boolean } from '../../config/shapes/setting.ts'
import type { Io } from '../terminal/io.ts'
import { screenOf } from '../terminal/screen.ts'
import { type Columns, jsonLine, table } from '../terminal/table.ts'

export const jsonFlag = boolean({ name: 'json', default: false, about: 'One JSON object a line.' })
export const quietFlag = boolean({ name: 'quiet', default: false, about: 'Prints the id alone.' })

interface Form {
  readonly json: boolean
  readonly quiet: boolean
}

/** All rows; `none` is said on the error output if there are none, so that no script reads it. */
export function printList<T extends { readonly id: string }>(
  io: Io,
  { json, quiet }: Form,
  { rows, columns, none }: { rows: readonly T[]; columns: Columns<T>; none: string },
): void {
  if (json) for (const row of rows) io.stdout.write(jsonLine(withoutLinks(row)))
  else if (quiet) for (const { id } of rows) io.stdout.write(`${id}\n`)
  else if (rows.length === 0) io.stderr.write(`${none}\n`)
  else io.stdout.write(table(columns, rows, screenOf(io)))
}

/** One record that was created or changed. */
export function printOne(io: Io, { json, quiet }: Form, record: { readonly id: string }, text: string): void {
  if (json) io.stdout.write(jsonLine(withoutLinks(record)))
  else io.stdout.write(quiet ? `${record.id}\n` : text)
}

/** Paths of the API are of no use on the command line. */
export function withoutLinks<T extends object>(record: T): object {
  const { links, ...rest } = record as T & { links?: unknown }
  return rest
}
