/**
 * Checks lines on their way to VictoriaMetrics. Sluice refuses a line with so many labels that VictoriaMetrics would drop
 * the label `db` that Sluice adds, and removes a `db` that the client wrote: with `-sortLabels` either of the two may count.
 */
import { invalid } from '../../../domain/base/errors.ts'
import type { BodyCheck } from '../body-check.ts'
import type { LineFormat } from './lines/line-format.ts'

/** VictoriaMetrics itself takes shorter lines of the line protocol, and longer ones of JSON. */
const LONGEST_LINE = 16 * 1024 * 1024
const MOST_PARTS = 1024

/** Holds back the end of what came until it is known whether its line passes, so that no part of a refused line is sent. */
export function checkLines({ check, pass, passesFrom, keepsLength }: LineFormat): BodyCheck {
  let held: Buffer[] = []
  let size = 0
  /** Whether the last line that came passes, also what is still to come of it. */
  let isDecided = false
  function checked(lines: Buffer): Buffer {
    if (pass?.(lines)) return lines
    const text = lines.toString('latin1')
    // Most lines pass as they are, and then the bytes that came go on.
    let written: string | undefined
    for (let at = 0; at < text.length; ) {
      const found = text.indexOf('\n', at)
      const end = found < 0 ? text.length : found
      const line = text.slice(at, end)
      const passes = check(line)
      if (passes !== line) written ??= text.slice(0, at)
      if (written !== undefined) {
        written += found < 0 ? passes : `${passes}\n`
        if (keepsLength) written += '\n'.repeat(line.length - passes.length)
      }
      at = end + 1
    }
    return written === undefined ? lines : Buffer.from(written, 'latin1')
  }
  function hold(tail: Buffer): Buffer {
    held.push(tail)
    size += tail.length
    // A client that sends a long line in small parts must not cost an object for each of them.
    if (held.length > MOST_PARTS) held = [Buffer.concat(held)]
    if (size > LONGEST_LINE) throw invalid(`a line is longer than ${LONGEST_LINE} bytes`)
    return NOTHING
  }
  return {
    keepsLength,
    take(chunk) {
      const begin = isDecided ? chunk.indexOf(LINE_FEED) + 1 : 0
      if (isDecided && begin === 0) return chunk
      const end = chunk.lastIndexOf(LINE_FEED) + 1
      const tail = chunk.subarray(end)
      if (end > 0 || size === 0) isDecided = tail.length > 0 && passesFrom?.(tail) === true
      if (end === 0) return isDecided ? chunk : hold(tail)
      const sent = chunk.subarray(begin, end)
      const lines = size === 0 ? sent : Buffer.concat([...held, sent])
      const checkedLines = checked(lines)
      held = []
      size = 0
      if (!isDecided) hold(tail)
      const until = isDecided ? chunk.length : end
      if (checkedLines === sent) return chunk.subarray(0, until)
      return Buffer.concat([chunk.subarray(0, begin), checkedLines, chunk.subarray(end, until)])
    },
    end: () => (size === 0 ? NOTHING : checked(Buffer.concat(held))),
  }
}

const LINE_FEED = 0x0a
const NOTHING = Buffer.alloc(0)
