/** Text for a terminal, of which parts were written by strangers. */
import { linesSpelledOut, spelledOut } from '../telemetry/visible-text.ts'
import type { Io } from './io.ts'

/** A name within a sentence or a cell, so that one can read back what it is: what one cannot see is spelled out. */
export function escaped(text: string): string {
  return spelledOut(text.replaceAll('\\', '\\\\'))
}

/** One line of JSON that is safe to look at, too. */
export function jsonLine(value: unknown): string {
  return `${spelledOut(JSON.stringify(value))}\n`
}

/** The output of a command, which spells out whatever the command itself has left as it was, but ends of lines. */
export function spellingOut(stdout: Io['stdout']): Io['stdout'] {
  return Object.create(stdout, {
    write: { value: (text: string) => stdout.write(linesSpelledOut(text)) },
  })
}

/** Lines with the columns under their names, parted by two spaces. */
export function table<T>(columns: Readonly<Record<string, (row: T) => string>>, rows: readonly T[]): string {
  const lines = [
    Object.keys(columns),
    ...rows.map((row) => Object.values(columns).map((cell) => escaped(cell(row)))),
  ]
  const widths = Object.keys(columns).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}
