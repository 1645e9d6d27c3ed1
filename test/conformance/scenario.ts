/** The recorded scenarios: their format, and how one step is replayed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Received, send } from '../support/http.ts'
import { parseSetCookie } from '../support/set-cookie.ts'
import { fillIn, mismatches } from './matching.ts'

export interface Scenario {
  readonly name: string
  readonly about: string
  /** Additional command-line arguments of the server, separated by spaces. */
  readonly flags?: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly name: string
  readonly request: Request
  /** Names under which to save parts of the response body, by JSON pointer. */
  readonly save?: Readonly<Record<string, string>>
  /** The name under which to save the session key from the response's cookie. */
  readonly saveCookie?: string
  /** The response of the real server. */
  readonly expect: Expectation
  /** The response that Sluice gives instead, if it differs on purpose. */
  readonly instead?: { readonly why: string; readonly expect: Expectation }
  readonly unordered?: boolean
}

interface Request {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

export interface Expectation {
  readonly status: number
  /** The recorded ones of `RECORDED_HEADERS`; all others were absent. */
  readonly headers: Readonly<Record<string, string>>
  /** Attributes in lower case, and the minutes until expiry. */
  readonly cookie?: Readonly<Record<string, unknown>>
  readonly body: unknown
}

export interface Played {
  readonly request: Request
  readonly received: Received
  readonly mismatches: readonly string[]
}

/** The headers that belong to the contract; all others depend on the server. */
const RECORDED_HEADERS = [
  'content-type',
  'x-platform-error-code',
  'allow',
  'www-authenticate',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-credentials',
]

/**
 * The scenarios recorded from a real server, or those made from public bug reports, where `expect` is the right answer.
 */
export function readScenarios(folder: 'scenarios' | 'reported' = 'scenarios'): Scenario[] {
  const path = join(import.meta.dirname, folder)
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')))
}

/** Sends a step's request, saves the values that it names, and compares the response with the expected one. */
export async function playStep(url: string, step: Step, saved: Map<string, string>): Promise<Played> {
  const request = fillIn(step.request, saved)
  const sentAt = Date.now()
  const received = await send(url, {
    ...request,
    headers: {
      ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    body: request.json === undefined ? request.text : JSON.stringify(request.json),
  })
  const answer = expectationOf(received, sentAt)
  for (const [name, pointer] of Object.entries(step.save ?? {})) {
    const value = at(answer.body, pointer)
    if (value !== undefined) saved.set(name, String(value))
  }
  if (step.saveCookie && answer.cookie) saved.set(step.saveCookie, String(answer.cookie.value))
  const expected = step.instead?.expect ?? step.expect
  const options = { saved, unordered: step.unordered ?? false }
  return { request, received, mismatches: mismatches(expected, answer, options) }
}

/** A response in the format of the recordings. */
function expectationOf({ status, headers, json }: Received, sentAt: number): Expectation {
  const [line] = headers['set-cookie'] ?? []
  const { expires, 'max-age': _maxAge, ...cookie } = line ? parseSetCookie(line) : {}
  const minutes = Math.round((Date.parse(String(expires)) - sentAt) / 60_000)
  return {
    status,
    headers: Object.fromEntries(
      RECORDED_HEADERS.filter((name) => name in headers).map((name) => [name, String(headers[name])]),
    ),
    ...(line ? { cookie: { ...cookie, ...(expires ? { minutes } : {}) } } : {}),
    body: json,
  }
}

/** The value that a JSON pointer (RFC 6901) refers to. */
function at(document: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], document)
}
