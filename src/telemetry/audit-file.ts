/** Audit events as JSON lines, in a file or on standard output. */
import { pino } from 'pino'
import type { AuditSink } from '../domain/audit/audit-trail.ts'

export interface AuditFile extends AuditSink {
  /** Opens the file anew, after something else has moved it away. */
  reopen(): void
  close(): void
}

/** What JSON leaves as it is, and some terminals and readers of lines do not (DEL, C1 with CSI and NEL, U+2028). */
const CONTROLS = /[\u007f-\u009f\u2028\u2029]/g

/** `target` is a path or `stdout`. Every control character is escaped, so no name can forge a line. */
export function openAuditFile(target: string): AuditFile {
  const isFile = target !== 'stdout'
  const destination = pino.destination({ dest: isFile ? target : 1, sync: true, mkdir: true, mode: 0o600 })
  return {
    write(events) {
      for (const event of events) destination.write(`${lineOf(event)}\n`)
    },
    reopen() {
      if (isFile) destination.reopen()
    },
    close() {
      if (isFile) destination.end()
    },
  }
}

function lineOf(event: object): string {
  return JSON.stringify(event).replace(
    CONTROLS,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
