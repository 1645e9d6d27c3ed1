/** The URL of a database, as `psql` takes it. */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

export interface Target {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  /** False means no TLS. */
  readonly ssl: false | ConnectionOptions
  /** Settings of the session, such as `-c search_path=sluice`. */
  readonly options: string
}

/** Thrown for a URL that cannot be used; its message repeats nothing of it but names of parameters. */
export class PostgresUrlError extends Error {
  constructor(problem: string) {
    super(`the URL of PostgreSQL ${problem}`)
    this.name = 'PostgresUrlError'
  }
}

const DEFAULT_PORT = 5432
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'options']
const MODES = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full`. `caFile` is a certificate (PEM) to
 * trust; if it is given and no `sslmode`, that is `verify-full`. Modes mean what they mean to libpq.
 */
export function parsePostgresUrl(text: string, caFile?: string): Target {
  if (!URL.canParse(text)) throw new PostgresUrlError('is none')
  const url = new URL(text)
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new PostgresUrlError('must begin with postgres://')
  const parameters = url.searchParams
  for (const name of parameters.keys()) {
    if (PARAMETERS.includes(name)) continue
    throw new PostgresUrlError(
      `has ${JSON.stringify(encodeURIComponent(name))}, which is unknown here; it takes ${PARAMETERS.join(', ')}`,
    )
  }
  const user = decodeURIComponent(url.username)
  if (user === '') throw new PostgresUrlError('names no user, as in postgres://USER@host/database')
  const host = parameters.get('host') || url.hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    host: decodeURIComponent(host) || 'localhost',
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    user,
    password: decodeURIComponent(url.password),
    ssl: tlsOf(parameters, caFile),
    options: parameters.get('options') ?? '',
  }
}

function tlsOf(parameters: URLSearchParams, caFile: string | undefined): Target['ssl'] {
  const root = caFile ?? parameters.get('sslrootcert') ?? undefined
  const mode = parameters.get('sslmode') ?? (root ? 'verify-full' : 'disable')
  if (!MODES.includes(mode)) throw new PostgresUrlError(`has an sslmode that is none of ${MODES.join(', ')}`)
  if (mode === 'disable') return false
  if (mode === 'verify-ca' && !root) throw new PostgresUrlError('has sslmode=verify-ca and names no CA')
  const [certificate, key] = [parameters.get('sslcert'), parameters.get('sslkey')]
  return {
    ...(root ? { ca: readFileSync(root, 'utf8') } : {}),
    ...(certificate ? { cert: readFileSync(certificate, 'utf8') } : {}),
    ...(key ? { key: readFileSync(key, 'utf8') } : {}),
    rejectUnauthorized: mode !== 'require' || root !== undefined,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
}

/** Where the database is, for people, without user and password. */
export function placeOf({ host, port, database }: Target): string {
  return host.startsWith('/') ? `${host} (${database})` : `${host}:${port}/${database}`
}
