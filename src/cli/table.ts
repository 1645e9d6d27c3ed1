/** Output for a terminal that may contain text from untrusted users. */
import { linesSpelledOut, spelledOut } from '../telemetry/visible-text.ts'
import type { Io } from './io.ts'

/** A name for a sentence or a cell, with backslashes doubled and invisible characters spelled out. */
export function escaped(text: string): string {
  return spelledOut(text.replaceAll('\\', '\\\\'))
}

/** One line of JSON, with invisible characters spelled out. */
export function jsonLine(value: unknown): string {
  return `${spelledOut(JSON.stringify(value))}\n`
}

/** Wraps standard output so that invisible characters other than line ends are spelled out. */
export function spellingOut(stdout: Io['stdout']): Io['stdout'] {
  return Object.create(stdout, {
    write: { value: (text: string) => stdout.write(linesSpelledOut(text)) },
  })
}

/** A table with a header line; columns are separated by two spaces. */
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
