/** From a request to its answer: starting, routes, credentials, errors, as InfluxDB orders them. */
import type { IncomingMessage } from 'node:http'
import { authenticate, type Caller, NOBODY } from './core/caller.ts'
import { InfluxError, PATH_NOT_FOUND } from './core/errors.ts'
import { type Answer, type Exchange, errorAnswer, type Options } from './core/exchange.ts'
import { bytesOf, type Faults } from './core/faults.ts'
import { findRoute } from './core/router.ts'
import type { State } from './core/state.ts'
import { STARTING } from './instance/diagnostics.ts'
import { ROUTES } from './routes.ts'

export interface Situation {
  readonly state: State
  readonly options: Options
  readonly faults: Faults
}

const V1_PATHS = new Set(['/write', '/query', '/ping'])
const REDIRECTED = new Set(['/api/v2/write/', '/api/v2/delete/', '/api/v2/query/'])

export async function respond(request: IncomingMessage, body: Buffer, situation: Situation): Promise<Answer> {
  const { state, options, faults } = situation
  const target = request.url ?? '/'
  const { path, canonical, query } = parseTarget(target)
  if (faults.isStarting && path !== '/health') return STARTING
  if (faults.answer) return faults.answer
  const method = request.method ?? 'GET'
  const isAPI = /^\/(api\/v2|v1|private\/)/.test(path)
  if (isAPI && method === 'OPTIONS') return preflight(request.headers.origin)
  try {
    const asked = { method, path, query, headers: request.headers, body, state, options }
    // Outside the API a path counts as decoded: `/%77rite` is `/write`.
    const known = V1_PATHS.has(path) || !isAPI ? path : canonical
    const { route, params, allowed } = findRoute(ROUTES, method, known)
    if (!isAPI) return route ? await route.handle(exchangeOf(asked, params)) : elsewhere(path, allowed)
    if (route?.isOpen) return await route.handle(exchangeOf(asked, params))
    const caller = authenticate(state, request.headers)
    if (REDIRECTED.has(path))
      return { status: 308, headers: { location: target.replace('/?', '?').replace(/\/$/, '') } }
    if (!route) return missing(allowed)
    if (faults.streamBytes !== undefined && path === '/api/v2/query') return stream(faults.streamBytes)
    return await route.handle(exchangeOf(asked, params, caller))
  } catch (error) {
    return errorAnswer(error)
  }
}

/** Go keeps the first of repeated parameters, and drops those with a raw semicolon. */
function parseTarget(target: string) {
  const at = target.indexOf('?')
  const raw = at < 0 ? target : target.slice(0, at)
  const pairs = at < 0 ? [] : target.slice(at + 1).split('&')
  const query = new URLSearchParams(pairs.filter((pair) => !pair.includes(';')).join('&'))
  // One slash at the end is taken off; a path with escapes matches no route of the API.
  return { path: decoded(raw), canonical: raw.replace(/(.)\/$/, '$1'), query }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function exchangeOf(
  asked: Omit<Exchange, 'params' | 'caller'>,
  params: Exchange['params'],
  caller: Caller = NOBODY,
): Exchange {
  return { ...asked, params, caller }
}

/** Neither API nor 1.x: the UI answers every path, and this server has none. */
function elsewhere(path: string, allowed: readonly string[]): Answer {
  if (V1_PATHS.has(path)) return missing(allowed)
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' }
  return { status: 404, headers, body: 'no assets included in binary\n' }
}

function missing(allowed: readonly string[]): Answer {
  if (allowed.length === 0) return errorAnswer(PATH_NOT_FOUND)
  const allow = [...new Set([...allowed, 'OPTIONS'])].sort().join(', ')
  const answer = errorAnswer(new InfluxError('method not allowed', `allow: ${allow}`))
  return { ...answer, headers: { ...answer.headers, allow } }
}

/** Without an origin, `OPTIONS` is refused; with one, any origin is let in. */
function preflight(origin: string | undefined): Answer {
  if (origin === undefined) return { status: 405 }
  const headers = {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
    'access-control-allow-headers':
      'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent',
  }
  return { status: 204, headers }
}

function stream(bytes: number): Answer {
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: bytesOf(bytes) }
}
