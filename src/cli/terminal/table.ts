/** Output for a terminal that may contain text from untrusted users. */
import { linesSpelledOut, spelledOut } from '../../telemetry/visible-text.ts'
import type { Io } from './io.ts'
import { PLAIN, painted, type Screen, type Style } from './screen.ts'
import { cutTo, widthOf, wrappedAt } from './text-width.ts'

export { wrappedAt } from './text-width.ts'

/** A name for a sentence or a cell, with backslashes doubled and invisible characters spelled out. */
export function escaped(text: string): string {
  return spelledOut(text.replaceAll('\\', '\\\\'))
}

/** One line of JSON, with invisible characters spelled out. */
export function jsonLine(value: unknown): string {
  return `${spelledOut(JSON.stringify(value))}\n`
}

/** The colours that a table writes, and nothing else that begins with an escape character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what begins a colour
const COLOUR = /(\x1b\[(?:0|1|31|33)m)/

/** Wraps standard output so that invisible characters other than line ends and colours are spelled out. */
export function spellingOut(stdout: Io['stdout']): Io['stdout'] {
  const spelled = (part: string, at: number) => (at % 2 === 1 ? part : linesSpelledOut(part))
  return Object.create(stdout, {
    write: { value: (text: string) => stdout.write(text.split(COLOUR).map(spelled).join('')) },
  })
}

/** A column of rows: its text, or that with what a narrow terminal does to it. */
export type Column<T> = ((row: T) => string) | FittedColumn<T>

interface FittedColumn<T> {
  readonly cell: (row: T) => string
  /**
   * What happens if the table is too wide. `keep`: nothing, as for ids, which are copied. `cut`, as if not given: the
   * end is cut off. `wrap`, for the last column: it goes on in the next line.
   */
  readonly fit?: 'keep' | 'cut' | 'wrap'
  /** Left out if the others do not fit without it; the highest number first. */
  readonly optional?: number
  readonly style?: (row: T) => Style | undefined
}

export type Columns<T> = Readonly<Record<string, Column<T>>>

interface Laid {
  readonly fit: 'keep' | 'cut' | 'wrap'
  readonly optional: number
  readonly cells: readonly string[]
  readonly styles: readonly (Style | undefined)[]
  width: number
}

const GAP = 2
const LEAST = { keep: Number.POSITIVE_INFINITY, cut: 10, wrap: 30 } as const

/**
 * A table with a header line; columns are separated by two spaces. On a terminal it is made to fit; elsewhere every cell
 * is whole and each row is one line.
 */
export function table<T>(columns: Columns<T>, rows: readonly T[], screen: Screen = PLAIN): string {
  const laid = fitted(
    Object.entries(columns).map(([title, column]) => layOut(title, column, rows)),
    screen.width,
  )
  return [...rows.keys(), rows.length].map((at) => lineOf(laid, at, screen)).join('')
}

function layOut<T>(title: string, column: Column<T>, rows: readonly T[]): Laid {
  const { cell, fit = 'cut', optional = 0, style } = typeof column === 'function' ? { cell: column } : column
  const cells = [title.toUpperCase(), ...rows.map((row) => escaped(cell(row)))]
  const styles = ['bold' as const, ...rows.map((row) => style?.(row))]
  return { fit, optional, cells, styles, width: Math.max(...cells.map(widthOf)) }
}

const sumOf = (laid: readonly { readonly width: number }[]) =>
  laid.reduce((sum, { width }) => sum + width + GAP, -GAP)

/** The least that a column can be cut to. */
function leastOf({ fit, width, cells: [title = ''] }: Laid): number {
  return Math.min(width, Math.max(LEAST[fit], widthOf(title)))
}

function fitted(all: readonly Laid[], width: number | undefined): readonly Laid[] {
  if (width === undefined) return all
  let laid = all
  while (sumOf(laid.map((each) => ({ width: leastOf(each) }))) > width) {
    const most = Math.max(0, ...laid.map(({ optional }) => optional))
    if (most === 0) break
    laid = laid.filter(({ optional }) => optional !== most)
  }
  while (sumOf(laid) > width) {
    const widest = laid
      .filter((each) => each.width > leastOf(each))
      .reduce<Laid | undefined>((best, each) => (best && best.width >= each.width ? best : each), undefined)
    if (!widest) break
    widest.width -= 1
  }
  return laid
}

/** The lines of one row: several if a cell is wrapped. */
function lineOf(laid: readonly Laid[], at: number, { colour }: Screen): string {
  const cells = laid.map(({ cells, fit, width }) => {
    const text = cells[at] ?? ''
    return fit === 'wrap' ? wrappedAt(text, width) : [cutTo(text, width)]
  })
  const lines = Math.max(...cells.map((each) => each.length))
  return Array.from({ length: lines }, (_, line) => {
    const texts = laid.map(({ styles, width }, column) => {
      const text = cells[column]?.[line] ?? ''
      const padding = column === laid.length - 1 ? '' : ' '.repeat(Math.max(0, width - widthOf(text)))
      return (colour ? painted(text, styles[at]) : text) + padding
    })
    return `${texts.join(' '.repeat(GAP)).trimEnd()}\n`
  }).join('')
}
