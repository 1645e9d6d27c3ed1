/** The one way to the server. Its types are written from the OpenAPI document. */
import createClient from 'openapi-fetch'
import { texts } from '../texts/entry.ts'
import { Problem, problemOf } from './problem.ts'
import { askSignIn, isSignedIn } from './reauthentication.ts'
import type { components, paths } from './schema.ts'

export type Shapes = components['schemas']

/** A request that nobody made by hand, such as one of a page that polls: it keeps nobody signed in. */
export const BACKGROUND = { headers: { 'X-Sluice-Background': '1' } } as const

/** The server's clock less this one's, in milliseconds, as far as answers tell. */
let skewMs = 0
export const serverNow = () => Date.now() + skewMs

/** A time that the server has just passed; it counts sessions by a clock that nobody sets. */
export function noteServerTime(passed: string): void {
  skewMs = Math.max(skewMs, Date.parse(passed) - Date.now())
}

function noteClock(response: Response): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  // The header has whole seconds: half of one is the best guess.
  if (!Number.isNaN(date)) skewMs = date + 500 - Date.now()
}

/** Where a session ended, or is too old for what is asked: the person signs in, and it is asked again. */
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await reach(request)
  const reason = reasonToSignIn(request, response)
  if (!reason) return response
  const isBackground = request.headers.has('X-Sluice-Background')
  const answer = askSignIn(reason)
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
  const { isSignedOut, reason } = problemOf(response, undefined)
  if (isSignedOut) return 'ended'
  return reason === 'sign-in-too-old' ? 'stale' : undefined
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of an answer; throws a `Problem` where it is none of success. */
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
