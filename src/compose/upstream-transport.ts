/** The connections to upstream for what is forwarded, from its settings. */
import { createLeanTransport } from '../http/gateway/lean-transport.ts'
import type { Transport } from '../http/gateway/transport.ts'
import { createTransport } from '../http/gateway/undici-transport.ts'
import { certificatesOf, type UpstreamSettings } from './upstream-files.ts'

type ClosableTransport = Transport & { close(): Promise<void> }

/** Throws ConfigurationError for a file of the settings that cannot be read. */
export function openTransport(settings: UpstreamSettings, connections: number): ClosableTransport {
  return createTransport({
    url: settings.url,
    connections,
    connectTimeoutMs: settings.connectTimeout,
    ...certificatesOf(settings),
  })
}

/**
 * Keeps half of the connections for small writes, if upstream is reached without TLS. Throws ConfigurationError as
 * `openTransport` does.
 */
export function openGatewayTransport(settings: UpstreamSettings): ClosableTransport {
  const { url, connections, connectTimeout: connectTimeoutMs } = settings
  const lean = url.startsWith('http:') ? Math.floor(connections / 2) : 0
  const transport = openTransport(settings, connections - lean)
  return lean > 0 ? createLeanTransport({ url, connectTimeoutMs, connections: lean }, transport) : transport
}
