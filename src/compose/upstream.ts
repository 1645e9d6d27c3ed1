/** The upstream that settings name, as the domain asks it. */
import { readFileSync } from 'node:fs'
import { createTransport } from '../http/gateway/undici-transport.ts'
import { createInfluxdb2Client } from '../upstream/influxdb2/client.ts'
import { createInfluxdb2Resources } from '../upstream/influxdb2/resources.ts'
import { createInfluxdb2Tokens } from '../upstream/influxdb2/tokens.ts'
import type { UpstreamParts, UpstreamSettings } from './gateway.ts'

/** Undefined without an upstream. */
export function composeUpstream(
  settings: UpstreamSettings | undefined,
  node: number,
): UpstreamParts | undefined {
  if (!settings) return undefined
  const client = createInfluxdb2Client({
    url: settings.url,
    token: settings.token ?? readFileSync(settings.tokenFile ?? '', 'utf8').trim(),
    connectTimeoutMs: settings.connectTimeout,
    timeoutMs: settings.timeout,
  })
  return {
    settings,
    tokens: createInfluxdb2Tokens(client),
    resources: createInfluxdb2Resources(client),
    node,
  }
}

/** Connections to the upstream that settings name, for what is forwarded. Throws where a file of theirs cannot be read. */
export function openTransport(settings: UpstreamSettings, connections: number) {
  return createTransport({
    url: settings.url,
    connections,
    connectTimeoutMs: settings.connectTimeout,
    ca: pem(settings.caFile),
    cert: pem(settings.clientCertFile),
    key: pem(settings.clientKeyFile),
  })
}

function pem(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFileSync(path)
}
