/** All requests to the server go through this client. Its types are generated from the OpenAPI document. */
import createClient from 'openapi-fetch'
import { texts } from '../texts/entry.ts'
import { SERVER } from './base.ts'
import { Problem, problemOf } from './problem.ts'
import { isSignedIn, reauthenticate } from './reauthentication.ts'
import type { components, paths } from './schema.ts'

export type Shapes = components['schemas']

/** For requests without user action, such as polling: the server does not extend the session for them. */
export const BACKGROUND = { headers: { 'X-Sluice-Background': '1' } } as const

/** The server's clock minus the browser's, in milliseconds, estimated from responses. */
let skewMs = 0
export const serverNow = () => Date.now() + skewMs

/** Corrects the estimate by a time that the server's clock for sessions has certainly passed. */
export function noteServerTime(passed: string): void {
  skewMs = Math.max(skewMs, Date.parse(passed) - Date.now())
}

function noteClock(response: Response): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  // The header has whole seconds, so the time is half a second later on average.
  if (!Number.isNaN(date)) skewMs = date + 500 - Date.now()
}

/** If the session has ended or is too old for the request, lets the user sign in and repeats the request. */
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await reach(request)
  const reason = reasonToSignIn(request, response)
  if (!reason) return response
  const isBackground = request.headers.has('X-Sluice-Background')
  const answer = reauthenticate(reason)
  if (isBackground) return response
  return (await answer) ? reach(again) : response
}

async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request)
    noteClock(response)
    return response
  } catch {
    throw new Problem(texts.errors.unreachable, { status: 0 })
  }
}

function reasonToSignIn(request: Request, response: Response): 'ended' | 'stale' | undefined {
  if (response.ok || !isSignedIn()) return undefined
  // Passwords beside a request are its own affair.
  if (request.headers.has('authorization')) return undefined
  const { isSignedOut, reason, status } = problemOf(response, undefined)
  if (isSignedOut) return 'ended'
  const needsFactor = status === 403 && reason === 'second-factor-required'
  return reason === 'sign-in-too-old' || needsFactor ? 'stale' : undefined
}

export const api = createClient<paths>({ baseUrl: location.origin + SERVER.slice(0, -1), fetch: send })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a successful response; throws a `Problem` for any other response. */
export async function got<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw problemOf(response, error)
  return data as T
}

/** Basic credentials (RFC 7617), in UTF-8. */
export function basic(name: string, password: string): string {
  const bytes = new TextEncoder().encode(`${name}:${password}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}
