/** Requests from the command line to the public API of a running server. */
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import { text } from '../config/shapes/setting.ts'
import { escaped } from './table.ts'

export const hostFlag = text({ name: 'host', about: 'The URL of the server.' })

/** The flags of all commands that use a token on a running server. */
export const remoteFlags = [
  hostFlag,
  text({
    name: 'token',
    secret: true,
    about: 'The token to act by. SLUICE_TOKEN keeps it out of the list of processes.',
  }),
] as const

/** The given URL, or that of a server on this machine with the same settings. */
export function hostOf(settings: { host: string | undefined } & Settings): string {
  const scheme = settings.tlsCert ? 'https' : 'http'
  return settings.host ?? `${scheme}://localhost:${settings.httpBindAddress.port}`
}

export function asUrl(host: string): URL {
  const url = URL.canParse(host) ? new URL(host) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new ConfigurationError(`--host is "${escaped(host)}"; it must be a URL such as http://localhost:8086`)
}

/** The JSON of a response, undefined if it has no body. Throws a refusal with the server's message. */
export async function answer<T>(host: string, send: () => Promise<Response>): Promise<T> {
  let response: Response
  try {
    response = await send()
  } catch {
    throw new ConfigurationError(`${host} does not answer; start the server first, or name it with --host`)
  }
  const body = await bodyOf(response)
  if (!response.ok) {
    const { message } = (body ?? {}) as { message?: unknown }
    const reason = typeof message === 'string' ? escaped(message) : String(response.status)
    throw new ConfigurationError(`${host} refused: ${reason}`)
  }
  if (body === undefined && response.status !== 204) {
    throw new ConfigurationError(`${host} did not answer with JSON; is it a Sluice server?`)
  }
  return body as T
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

export interface Remote {
  get<T>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<T>
  /** Waits for minutes: what it asks for may take many requests. */
  post<T>(path: string, json: object): Promise<T>
  delete(path: string): Promise<void>
  /** The id of the user with that name. */
  userID(name: string): Promise<string>
}

const DEADLINE_MS = 30_000
const LONG_DEADLINE_MS = 30 * 60_000

/** `settings` come from `remoteFlags` and the server's own flags. */
export function createRemote(settings: { host: string | undefined; token: string | undefined } & Settings) {
  const { token } = settings
  const host = hostOf(settings)
  const base = asUrl(host)
  if (token === undefined) {
    throw new ConfigurationError('a token is needed: set SLUICE_TOKEN, or give it with --token')
  }
  // Checked here, because the error of fetch for an invalid header would contain the token.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ConfigurationError('the value of --token is not a token')

  function send(method: string, url: URL, json?: object): Promise<Response> {
    return fetch(url, {
      method,
      headers: { authorization: `Token ${token}` },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(json === undefined ? DEADLINE_MS : LONG_DEADLINE_MS),
    })
  }

  const remote: Remote = {
    get<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}) {
      const url = new URL(path, base)
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, value)
      }
      return answer<T>(host, () => send('GET', url))
    },
    post: <T>(path: string, json: object) => answer<T>(host, () => send('POST', new URL(path, base), json)),
    async delete(path) {
      await answer(host, () => send('DELETE', new URL(path, base)))
    },
    async userID(name) {
      const { users } = await remote.get<{ users: { id: string }[] }>('/api/v2/users', { name })
      const [user] = users
      if (!user) throw new ConfigurationError(`this token may not read the user ${escaped(name)}`)
      return user.id
    },
  }
  return remote
}
