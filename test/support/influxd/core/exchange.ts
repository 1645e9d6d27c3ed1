/** One request and its answer. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Caller } from './caller.ts'
import { InfluxError } from './errors.ts'
import { mustBeID } from './ids.ts'
import type { State } from './state.ts'

export interface Exchange {
  readonly method: string
  /** The decoded path. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  readonly state: State
  /** Who asks; nobody on routes that need no credentials. */
  readonly caller: Caller
  readonly options: Options
}

export interface Options {
  readonly version: string
  /** Shows a token only in the answer that creates it. Default true, as in InfluxDB. */
  readonly hashedTokens: boolean
  /** Answers restores with 200 instead of a refusal. */
  acceptsRestore: boolean
  /** The file that `GET /api/v2/backup/kv` answers. */
  readonly backupFile: string | undefined
  /** Where `/query` looks for the file that a multipart request names. */
  readonly workingDirectory: string
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | Readable
}

export const JSON_TYPE = 'application/json; charset=utf-8'

export function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': JSON_TYPE }, body: `${JSON.stringify(value)}\n` }
}

export function errorAnswer(error: unknown): Answer {
  const { code, status, message } =
    error instanceof InfluxError
      ? error
      : new InfluxError('internal error', 'An internal error has occurred - check server logs')
  return {
    status,
    headers: { 'content-type': JSON_TYPE, 'x-platform-error-code': code },
    body: JSON.stringify({ code, message }),
  }
}

export const NO_CONTENT: Answer = { status: 204 }

// biome-ignore lint/suspicious/noExplicitAny: whatever the client sent
export type Sent = any

/** The first JSON value of the body: Go's decoder ignores what follows it. */
export function sentJSON({ body }: Exchange): Sent {
  const text = body.toString('utf8').trim()
  if (text === '') throw new SyntaxError('EOF')
  try {
    return JSON.parse(text)
  } catch (error) {
    const first = firstValue(text)
    if (first !== undefined) return first
    throw error
  }
}

function firstValue(text: string): Sent {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (inString && sign === '\\') at++
    else if (sign === '"') inString = !inString
    else if (!inString && (sign === '{' || sign === '[')) depth++
    else if (!inString && (sign === '}' || sign === ']') && --depth === 0) {
      try {
        return JSON.parse(text.slice(0, at + 1))
      } catch {
        return undefined
      }
    }
  }
}

/** As `sentJSON`; a body that is no JSON is refused with the given message. */
export function sentOr(exchange: Exchange, message: string): Sent {
  try {
    return sentJSON(exchange)
  } catch (error) {
    throw new InfluxError('invalid', `${message}: ${(error as Error).message}`)
  }
}

/** The id in the path. */
export function idOf({ params }: Exchange, name = 'id'): string {
  return mustBeID(params[name])
}
