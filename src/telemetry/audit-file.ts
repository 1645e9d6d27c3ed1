/** Audit events as JSON lines, in a file or on standard output. */
import { closeSync, openSync } from 'node:fs'
import { pino } from 'pino'
import type { AuditSink } from '../domain/audit/audit-trail.ts'

export interface AuditFile extends AuditSink {
  /** Opens the file again after something else has moved it away. If that throws, it goes on in the old one. */
  reopen(): void
  close(): void
}

/** Characters that JSON does not escape, and that are invisible or misleading on a terminal: U+0085, U+202E ... */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const OWNER_ONLY = 0o600
/** How much may wait for a file that cannot be written, such as on a full disk. */
const LONGEST_WAITING = 16 * 1024 * 1024

/**
 * `target` is a path or `stdout`. Every control character is escaped, so no name can forge a line. What cannot be
 * written throws, and comes with the next that can be, as long as it is not too much.
 */
export function openAuditFile(target: string): AuditFile {
  const isFile = target !== 'stdout'
  const dest = isFile ? target : 1
  const options = { sync: true, mkdir: true, mode: OWNER_ONLY, maxLength: LONGEST_WAITING }
  const destination = pino.destination({ dest, ...options })
  destination.on('drop', () => {
    throw new Error('too much waits for the audit file already; these events are not in it')
  })
  return {
    write(events) {
      if (events.length > 0) destination.write(events.map((event) => `${lineOf(event)}\n`).join(''))
    },
    reopen() {
      if (!isFile) return
      // Tried first: after one that fails, the destination would close the file that it goes on in twice.
      closeSync(openSync(target, 'a', OWNER_ONLY))
      destination.reopen()
    },
    close() {
      if (isFile) destination.end()
    },
  }
}

function lineOf(event: object): string {
  return JSON.stringify(event).replace(
    HIDDEN,
    // A character beyond U+FFFF is two escapes in JSON.
    (each) =>
      each
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  )
}
