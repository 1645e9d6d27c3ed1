import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

export interface CertificateFiles {
  /** Reads both files; throws when one cannot be read or they do not belong together. */
  read(): Certificate
  /** Calls `renewed` whenever the files change to a usable certificate; the returned function stops watching. */
  watch(renewed: (certificate: Certificate) => void): () => void
}

const LOOK_EVERY_MS = 2000

/**
 * A certificate in two PEM files. It polls for changes, because file-system events get lost when renewals replace
 * links and mounts. Half-written files are read again at the next poll.
 */
export function createCertificateFiles(options: {
  certPath: string
  keyPath: string
  onRenewed: () => void
  onProblem: (error: unknown) => void
}): CertificateFiles {
  const paths = [options.certPath, options.keyPath]

  function read(): Certificate {
    const certificate = { cert: readFileSync(options.certPath), key: readFileSync(options.keyPath) }
    createSecureContext(certificate)
    return certificate
  }

  return {
    read,
    watch(renewed) {
      function look(): void {
        let certificate: Certificate
        try {
          certificate = read()
        } catch (error) {
          options.onProblem(error)
          return
        }
        renewed(certificate)
        options.onRenewed()
      }
      for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look)
      return () => {
        for (const path of paths) unwatchFile(path, look)
      }
    },
  }
}
