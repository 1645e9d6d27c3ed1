/** The way to the InfluxDB 2 of the settings. */
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type {
  UpstreamCheck,
  UpstreamIdentities,
  UpstreamLabels,
  UpstreamResources,
  UpstreamSetup,
  UpstreamTasks,
  UpstreamTokens,
} from '../domain/records/upstream.ts'
import { createInfluxdb2Check } from '../upstream/influxdb2/check.ts'
import { createInfluxdb2Client } from '../upstream/influxdb2/client.ts'
import { createInfluxdb2Identities } from '../upstream/influxdb2/identities.ts'
import { createInfluxdb2Labels } from '../upstream/influxdb2/labels.ts'
import { createInfluxdb2Resources } from '../upstream/influxdb2/resources.ts'
import { createInfluxdb2Setup } from '../upstream/influxdb2/setup.ts'
import { createInfluxdb2Tasks } from '../upstream/influxdb2/stored-tasks.ts'
import { createInfluxdb2Tokens } from '../upstream/influxdb2/tokens.ts'
import { certificatesOf, fileOf, type UpstreamSettings } from './upstream-files.ts'

/** What Sluice itself asks of upstream. */
export interface UpstreamLink {
  readonly settings: UpstreamSettings
  readonly identities: UpstreamIdentities
  readonly setup: UpstreamSetup
  readonly tokens: UpstreamTokens
  readonly resources: UpstreamResources
  readonly labels: UpstreamLabels
  readonly tasks: UpstreamTasks
  readonly check: UpstreamCheck
  close(): Promise<void>
}

/** Connects to nothing yet. Throws ConfigurationError for a file of the settings that cannot be read. */
export function openUpstream({ upstream: all }: Pick<Settings, 'upstream'>): UpstreamLink | undefined {
  const upstream = all.find(({ kind }) => kind === 'influxdb2')
  if (!upstream) return undefined
  const token = upstream.token ?? fileOf('token-file', upstream.tokenFile)?.trim()
  if (!token) throw new ConfigurationError('upstream-token-file has no token')
  const client = createInfluxdb2Client({
    ...{ url: upstream.url, token },
    ...certificatesOf(upstream),
    connectTimeoutMs: upstream.connectTimeout,
    timeoutMs: upstream.timeout,
  })
  return {
    settings: upstream,
    identities: createInfluxdb2Identities(client),
    setup: createInfluxdb2Setup(client, { token }),
    tokens: createInfluxdb2Tokens(client),
    resources: createInfluxdb2Resources(client),
    labels: createInfluxdb2Labels(client),
    tasks: createInfluxdb2Tasks(client),
    check: createInfluxdb2Check(client, { isTls: upstream.url.startsWith('https:') }),
    close: client.close,
  }
}
