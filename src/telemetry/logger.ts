/** The log: pino, readable on a terminal and JSON otherwise. */
import { createRequire } from 'node:module'
import { type Logger, pino, type StreamEntry } from 'pino'
import type { Log } from '../domain/base/log.ts'
import { linesSpelledOut } from './visible-text.ts'

export interface ServerLog extends Log {
  readonly debugEnabled: boolean
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** `stream` is if lines go; `isTerminal` decides if the format is `auto`. */
export function createLogger(options: {
  level: 'debug' | 'info' | 'warn' | 'error'
  format: 'auto' | 'json' | 'pretty'
  stream: StreamEntry['stream'] & NodeJS.WritableStream
  isTerminal: boolean
}): ServerLog {
  const { level, format, isTerminal } = options
  // The log contains names that users chose. JSON escapes only ASCII control characters; ESC occurs only if the log
  // is coloured.
  const stream: typeof options.stream = Object.create(options.stream, {
    write: { value: (text: string) => options.stream.write(linesSpelledOut(text, '\x1b')) },
  })
  const readable = format === 'pretty' || (format === 'auto' && isTerminal)
  // Loaded only if it is used: it costs some 20 ms at start.
  const pretty = () => createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty')
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelName } },
    readable
      ? pretty()({ destination: stream, colorize: isTerminal, translateTime: 'HH:MM:ss', sync: true })
      : stream,
  )
  return {
    debugEnabled: logger.isLevelEnabled('debug'),
    debug: line(logger, 'debug'),
    info: line(logger, 'info'),
    warn: line(logger, 'warn'),
    error: line(logger, 'error'),
  }
}

/** Levels by name, which programs that read JSON logs expect. */
function levelName(label: string): { level: string } {
  return { level: label }
}

function line(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error'): Log['info'] {
  return (message, fields) => (fields ? logger[level](fields, message) : logger[level](message))
}
