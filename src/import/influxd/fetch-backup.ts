/** Reads the metadata of a running InfluxDB 2.x: `GET /api/v2/backup/kv`, a consistent copy of its bolt file. */
import { LARGEST_FILE } from './largest-file.ts'
import { MetadataError } from './metadata-row.ts'

export interface BackupSource {
  /** The server, such as `http://localhost:8086`; a path before `/api` is kept. */
  readonly url: URL
  /** An operator token. It is sent to this server only. */
  readonly token: string
}

/** In milliseconds, and in bytes. Only tests give others. */
export interface BackupLimits {
  /** Until the response begins, and between two parts of it. */
  readonly idleMs: number
  readonly largest: number
}

const LIMITS: BackupLimits = { idleMs: 60_000, largest: LARGEST_FILE }

/** The bytes of the backup. Throws `MetadataError`, which says what to do and has no token. */
export async function fetchBackup(
  { url, token }: BackupSource,
  { idleMs, largest }: BackupLimits = LIMITS,
): Promise<Buffer> {
  const place = `${url.origin}${url.pathname.replace(/\/$/, '')}`
  const stop = new AbortController()
  const late = () => stop.abort(new MetadataError(`${place} sent nothing for ${idleMs / 1000} seconds`))
  let timer = setTimeout(late, idleMs)
  async function ask(path: string): Promise<Response> {
    return fetch(`${place}${path}`, {
      headers: { authorization: `Token ${token}` },
      // A redirect could lead the token to another server.
      redirect: 'manual',
      signal: stop.signal,
    })
  }

  try {
    const response = await ask('/api/v2/backup/kv')
    if (response.status !== 200) {
      const why = await refusal(response.status, () => ask('/api/v2/me'))
      await response.body?.cancel()
      throw new MetadataError(`${place} ${why}`)
    }
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      clearTimeout(timer)
      timer = setTimeout(late, idleMs)
      size += part.length
      if (size > largest) throw new MetadataError(`the backup of ${place} has more than ${largest} bytes`)
      parts.push(part)
    }
    return Buffer.concat(parts, size)
  } catch (error) {
    stop.abort()
    throw error instanceof MetadataError ? error : new MetadataError(`${place} ${failure(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

/** Why there is no backup, by the status, and by whether the token is accepted elsewhere. */
async function refusal(status: number, askWhoIAm: () => Promise<Response>): Promise<string> {
  if (status >= 300 && status < 400) {
    return 'answers with a redirect, which the token does not follow; give the URL of InfluxDB itself'
  }
  if (status === 401 || status === 403) {
    const me = await askWhoIAm()
    await me.body?.cancel()
    if (me.status === 200) return 'refuses the backup: the token is not an operator token'
    return 'does not accept the token: it is unknown or inactive, or its user is'
  }
  if (status === 503) return 'is not ready (503); try again when it has started'
  if (status >= 500) return `cannot make a backup (${status}); its log says why`
  return `has no backup of metadata (${status}); it must be InfluxDB 2.x`
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection; is InfluxDB running there?',
  ENOTFOUND: 'is a host that does not exist',
  EAI_AGAIN: 'is a host whose address cannot be looked up',
  ECONNRESET: 'closed the connection before the backup was complete',
  UND_ERR_SOCKET: 'closed the connection before the backup was complete',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer',
  UND_ERR_BODY_TIMEOUT: 'stopped sending before the backup was complete',
}

/** The reason why `fetch` failed, which is in the code of the error's cause. */
function failure(error: unknown): string {
  const code = (error as { cause?: { code?: unknown } }).cause?.code
  if (typeof code !== 'string') return 'does not answer with HTTP, or broke off'
  return CAUSES[code] ?? `cannot be reached (${code})`
}
