/** The connections to upstream for what is forwarded, from its settings. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import { createLeanTransport } from '../http/gateway/lean-transport.ts'
import type { Transport } from '../http/gateway/transport.ts'
import { createTransport } from '../http/gateway/undici-transport.ts'

export type UpstreamSettings = Settings['upstream'][number]

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
 * Keeps half of the connections for small writes, where upstream is reached without TLS. Throws ConfigurationError as
 * `openTransport` does.
 */
export function openGatewayTransport(settings: UpstreamSettings): ClosableTransport {
  const { url, connections, connectTimeout: connectTimeoutMs } = settings
  const lean = url.startsWith('http:') ? Math.floor(connections / 2) : 0
  const transport = openTransport(settings, connections - lean)
  return lean > 0 ? createLeanTransport({ url, connectTimeoutMs, connections: lean }, transport) : transport
}

/** In PEM. Throws ConfigurationError for what cannot be read or does not fit together. */
export function certificatesOf({
  caFile,
  clientCertFile,
  clientKeyFile,
}: Pick<UpstreamSettings, 'caFile' | 'clientCertFile' | 'clientKeyFile'>) {
  const files = {
    ca: fileOf('ca-file', caFile),
    cert: fileOf('client-cert-file', clientCertFile),
    key: fileOf('client-key-file', clientKeyFile),
  }
  try {
    createSecureContext(files)
  } catch (error) {
    throw new ConfigurationError(
      `upstream-ca-file, upstream-client-cert-file and upstream-client-key-file must be in PEM, and the key that of the certificate: ${(error as Error).message}`,
    )
  }
  return files
}

/** The text of a file that a setting of upstream names. Throws ConfigurationError where it cannot be read. */
export function fileOf(name: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigurationError(`upstream-${name} cannot be read: ${(error as Error).message}`)
  }
}
