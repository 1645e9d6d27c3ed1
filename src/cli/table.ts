/** Text for a terminal, of which parts were written by strangers. */

const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Names may hold anything; what would move a cursor, end a line or turn the direction of text is spelt out. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(CONTROLS, codeUnits)
}

/** One line of JSON that is safe to look at, too. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(CONTROLS, codeUnits)}\n`
}

function codeUnits(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
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
