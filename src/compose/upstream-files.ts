/** Files that the settings of an upstream name. */
import { createSecureContext } from 'node:tls'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import { readSettingFile } from './setting-file.ts'

export type UpstreamSettings = Settings['upstream'][number]

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

/** The text of a file that a setting of upstream names. Throws ConfigurationError if it cannot be read. */
export function fileOf(name: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : readSettingFile(`upstream-${name}`, path)
}
