import type { Io } from './io.ts'

const WIDTH = 40
/** Often enough for smooth movement. */
const EVERY_MS = 100
const CLEAR_LINE = '\r\x1b[K'

export interface ProgressBar {
  /** Draws the progress, on a terminal only. */
  show(done: number, total: number): void
  /** Prints a permanent line above the bar. */
  line(text: string): void
  clear(): void
}

export function createProgressBar(stdout: Io['stdout']): ProgressBar {
  const isTerminal = stdout.isTTY === true
  let drawn = ''
  let drawnAt = Number.NEGATIVE_INFINITY
  function clear(): void {
    if (drawn !== '') stdout.write(CLEAR_LINE)
    drawn = ''
  }
  return {
    show(done, total) {
      const now = performance.now()
      if (!isTerminal || (now - drawnAt < EVERY_MS && done < total)) return
      drawnAt = now
      const share = total === 0 ? 1 : done / total
      const full = Math.floor(share * WIDTH)
      const text = `[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}] ${Math.floor(share * 100)} %`
      if (text === drawn) return
      drawn = text
      stdout.write(`\r${text}`)
    },
    line(text) {
      const bar = drawn
      clear()
      stdout.write(`${text}\n`)
      if (bar === '') return
      drawn = bar
      stdout.write(`\r${bar}`)
    },
    clear,
  }
}
