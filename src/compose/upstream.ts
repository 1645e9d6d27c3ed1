/** The upstream that settings name, as the domain asks it. */
import { readFileSync } from 'node:fs'
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
