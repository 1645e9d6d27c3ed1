/** Requests from the command line to the public API of a running server. */

import { readSettings } from '../../config/load.ts'
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { quoted } from '../../config/refusals/quote.ts'
import { schema } from '../../config/settings.ts'
import { text } from '../../config/shapes/setting.ts'
import { type ID, idIn } from '../../domain/base/id.ts'
import { REASONS, type Reason } from '../../domain/base/reasons.ts'
import type { Invocation } from '../frame/command.ts'
import { CommandFailure } from '../terminal/failure.ts'
import { escaped } from '../terminal/table.ts'
import { addressOfServer, hasEnded, tokenFileOf } from './token-file.ts'

export const hostFlag = text({
  name: 'host',
  placeholder: 'URL',
  about: 'The server, if it is not the one on this machine; or SLUICE_HOST.',
})

/** The flags of all commands that use a token on a running server. */
export const remoteFlags = [
  hostFlag,
  text({
    name: 'token',
    secret: true,
    placeholder: 'TOKEN',
    about: 'The token to act by; better in SLUICE_TOKEN, which no list of processes shows.',
  }),
] as const

/** The settings from which the address of the server on this machine is known. */
export const REMOTE_SETTINGS = ['config-path'] as const

type RemoteInvocation = Pick<Invocation, 'input' | 'io'> & {
  readonly flags: { readonly host: string | undefined; readonly token?: string | undefined }
}

/** The given URL, or that of a server on this machine with the same settings. */
export function hostOf({ flags, input, io }: RemoteInvocation): string {
  const given = flags.host ?? (io.env.SLUICE_HOST || undefined)
  if (given !== undefined) return given
  const { tlsCert, httpBindAddress } = readSettings(schema, input).settings
  return `${tlsCert ? 'https' : 'http'}://localhost:${httpBindAddress.port}`
}

export function asUrl(host: string): URL {
  const url = URL.canParse(host) ? new URL(host) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new ConfigurationError(`--host is "${escaped(host)}"; it must be a URL such as http://localhost:8086`)
}

/** The address of a path of the API. A proxy may serve the server below a path, so `host` may have one. */
export function apiAddress(host: URL, path: string): URL {
  return new URL(addressOfServer(host) + path)
}

/** A refusal by the server. */
export class RefusedError extends CommandFailure {
  readonly status: number
  /** A `Reason`, if the server gave one. */
  readonly reason: string | undefined
  constructor(message: string, { status, reason }: { status: number; reason: string | undefined }) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

/** For these the message alone says nothing. */
const TOLD: ReadonlySet<string> = new Set<Reason>(['unknown-token', 'token-expired'])

/** The JSON of a response, undefined if it has no body. Throws CommandFailure with the server's message. */
export async function answer<T>(host: string, send: () => Promise<Response>): Promise<T> {
  let response: Response
  let body: unknown
  try {
    response = await send()
    body = await bodyOf(response)
  } catch (error) {
    throw new CommandFailure(unreachable(host, error))
  }
  if (!response.ok) {
    const { message } = (body ?? {}) as { message?: unknown }
    const reason = response.headers.get('x-sluice-reason') ?? undefined
    const why = reason && TOLD.has(reason) ? `: ${REASONS[reason as Reason]}` : ''
    const said = typeof message === 'string' ? escaped(message) : String(response.status)
    throw new RefusedError(`${host} refused: ${said}${why}`, { status: response.status, reason })
  }
  if (body === undefined && response.status !== 204) {
    throw new CommandFailure(`${host} did not answer with JSON; is it a Sluice server?`)
  }
  return body as T
}

/** Undefined if it is not JSON; a connection that breaks is an error. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreachable(host: string, error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return `${host} did not answer in time`
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  const { code = '' } = cause ?? {}
  // The server is there, so a hint to start one would mislead: its certificate is not trusted.
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return `${host} has a certificate that is not trusted (${code})`
  return `${host} does not answer; start the server first, or name it with --host`
}

export type RemoteQuery = Readonly<Record<string, string | undefined>>

export interface Remote {
  readonly host: string
  get<T>(path: string, query?: RemoteQuery): Promise<T>
  /** Waits for minutes: what it asks for may take many requests. */
  post<T>(path: string, json: object): Promise<T>
  patch<T>(path: string, json: object): Promise<T>
  delete(path: string): Promise<void>
}

const DEADLINE_MS = 30_000
const LONG_DEADLINE_MS = 30 * 60_000

/** Throws ConfigurationError without a token. */
export function createRemote(invocation: RemoteInvocation): Remote {
  const { token, host, isStored = false } = credentialsOf(invocation)
  const base = asUrl(host)
  // Checked here, because the error of fetch for an invalid header would contain the token.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ConfigurationError('the value of --token is not a token')

  function send<T>(method: string, path: string, json?: object, query: RemoteQuery = {}): Promise<T> {
    const url = apiAddress(base, path)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value)
    }
    const answered = answer<T>(host, () =>
      fetch(url, {
        method,
        headers: { authorization: `Token ${token}` },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(method === 'POST' ? LONG_DEADLINE_MS : DEADLINE_MS),
      }),
    )
    return isStored ? answered.catch(saySignIn) : answered
  }

  return {
    host,
    get: (path, query) => send('GET', path, undefined, query),
    post: (path, json) => send('POST', path, json),
    patch: (path, json) => send('PATCH', path, json),
    delete: (path) => send('DELETE', path),
  }
}

/** The token of `sluice login` may have ended on the server: it was deleted, or its user is gone. */
function saySignIn(error: unknown): never {
  const isOver = error instanceof RefusedError && TOKEN_OVER.has(error.reason ?? '')
  if (isOver) throw new CommandFailure(`${error.message}; run: sluice login`)
  throw error
}

const TOKEN_OVER: ReadonlySet<string> = new Set<Reason>(['unknown-token', 'token-expired', 'token-inactive'])

/** INFLUX_TOKEN and INFLUX_HOST are those of the `influx` command, and belong together. */
function credentialsOf(invocation: RemoteInvocation): { token: string; host: string; isStored?: true } {
  const { flags, io } = invocation
  const own = flags.token ?? (io.env.SLUICE_TOKEN || undefined)
  if (own !== undefined) return { token: own, host: hostOf(invocation) }
  const token = io.env.INFLUX_TOKEN || undefined
  if (token === undefined) return storedCredentials(invocation)
  const host = flags.host ?? (io.env.SLUICE_HOST || io.env.INFLUX_HOST || undefined)
  return { token, host: host ?? hostOf(invocation) }
}

/** The credentials that `sluice login` stored for this server. */
function storedCredentials(invocation: RemoteInvocation): { token: string; host: string; isStored: true } {
  const host = hostOf(invocation)
  const stored = tokenFileOf(invocation.io, asUrl(host)).read()
  if (!stored) {
    throw new ConfigurationError(
      'a token is needed: run sluice login, set SLUICE_TOKEN, or give it with --token',
    )
  }
  if (hasEnded(stored)) {
    throw new ConfigurationError(`the token of sluice login for ${host} has ended; run: sluice login`)
  }
  return { token: stored.token, host, isStored: true }
}

const PAGE = 100

/** All records of a list that has pages. */
export async function readAll<T>(
  remote: Remote,
  path: string,
  key: string,
  more: RemoteQuery = {},
): Promise<T[]> {
  const found: T[] = []
  for (;;) {
    const query = { ...more, limit: String(PAGE), offset: String(found.length) }
    const page = (await remote.get<Record<string, T[]>>(path, query))[key] ?? []
    found.push(...page)
    if (page.length < PAGE) return found
  }
}

/** The id that a flag or an argument gives; throws ConfigurationError. */
export function requireID(name: string, given: string, list: string): ID {
  const id = idIn(given)
  if (id) return id
  throw new ConfigurationError(
    `${name} is ${quoted(given)}; it must be an id of 16 hexadecimal digits, as ${list} shows it`,
  )
}
