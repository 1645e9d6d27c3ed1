/** How the server reaches the upstreams that have databases: InfluxDB 1.x, InfluxDB 3 Core and VictoriaMetrics. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type { DatabaseUpstream } from '../domain/records/upstream-databases.ts'
import { createDatabasesInChange } from '../domain/upstream/databases-in-change.ts'
import { DATABASE_KINDS, type DatabaseKindName } from './database-kinds.ts'
import { certificatesOf, fileOf, type UpstreamSettings } from './upstream-files.ts'

export interface DatabaseLink {
  readonly settings: UpstreamSettings
  readonly kind: DatabaseKindName
  /** The value of `Authorization` upstream; undefined without credentials. */
  readonly authorization: string | undefined
  readonly upstream: DatabaseUpstream
  close(): Promise<void>
}

/** Connects to nothing yet. Throws ConfigurationError for a file of the settings that cannot be read. */
export function openDatabases({ upstream: all }: Pick<Settings, 'upstream'>): readonly DatabaseLink[] {
  return all.flatMap((settings) =>
    settings.kind === 'influxdb2' ? [] : [openDatabaseLink(settings, settings.kind)],
  )
}

function openDatabaseLink(settings: UpstreamSettings, kind: DatabaseKindName): DatabaseLink {
  const authorization = authorizationOf(settings)
  const { databases, close } = DATABASE_KINDS[kind].open({
    ...{ url: settings.url, authorization, ...certificatesOf(settings) },
    connectTimeoutMs: settings.connectTimeout,
    timeoutMs: settings.timeout,
  })
  const upstream = {
    ...{ organization: settings.org ?? '', databases, dropsDatabases: settings.dropDatabases },
    hasPlainNames: DATABASE_KINDS[kind].hasPlainNames,
    inChange: createDatabasesInChange(),
  }
  return { settings, kind, authorization, upstream, close }
}

function authorizationOf(settings: UpstreamSettings): string | undefined {
  const { username } = settings
  if (settings.kind === 'influxdb3') {
    const token = settings.token ?? fileOf('token-file', settings.tokenFile)?.trim()
    if (!token) throw new ConfigurationError('upstream-token-file has no token')
    return `Bearer ${token}`
  }
  if (username === undefined) return undefined
  const password = settings.password ?? fileOf('password-file', settings.passwordFile)?.trim()
  if (!password) throw new ConfigurationError('upstream-password-file has no password')
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
