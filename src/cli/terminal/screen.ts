/** What standard output can show: how wide it is, and whether in colour. */
import type { Io } from './io.ts'

export interface Screen {
  /** In columns; undefined if it is no terminal. */
  readonly width: number | undefined
  readonly colour: boolean
}

/** A file or a pipe: whole lines, no colour. */
export const PLAIN: Screen = { width: undefined, colour: false }

/** The width of a terminal that does not say its own. */
const USUAL_WIDTH = 80
/** Below this a table is no longer readable, however it is cut. */
const LEAST_WIDTH = 40

/** No colour with NO_COLOR (no-color.org) and on a terminal that has none. */
export function screenOf({ stdout, env }: Pick<Io, 'stdout' | 'env'>): Screen {
  if (stdout.isTTY !== true) return PLAIN
  return {
    width: Math.max(stdout.columns || USUAL_WIDTH, LEAST_WIDTH),
    colour: !env.NO_COLOR && env.TERM !== 'dumb',
  }
}

export type Style = 'bold' | 'warning' | 'refusal'

const CODES: Readonly<Record<Style, number>> = { bold: 1, warning: 33, refusal: 31 }

export function painted(text: string, style: Style | undefined): string {
  return style === undefined || text === '' ? text : `\x1b[${CODES[style]}m${text}\x1b[0m`
}
