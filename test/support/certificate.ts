/** For tests: certificates made with the `openssl` command. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** Why tests that need certificates are skipped, or false. In CI none is skipped. */
export const withoutOpenssl: string | false =
  process.env.CI !== 'true' && !hasOpenssl() && 'openssl is missing'

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface Certificate {
  /** Paths. */
  readonly cert: string
  readonly key: string
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Writes a certificate authority into a folder. */
export function writeAuthority(folder: string, name: string): Certificate {
  const paths = { cert: `${folder}/${name}.pem`, key: `${folder}/${name}.key` }
  const files = ['-keyout', paths.key, '-out', paths.cert]
  execFileSync('openssl', ['req', '-x509', ...NEW_KEY, ...files, '-subj', `/CN=${name}`, '-days', '2'], {
    stdio: 'ignore',
  })
  return paths
}

/** Writes a certificate that the authority signed, for that name or address; days may be negative. */
export function writeSigned(
  authority: Certificate,
  folder: string,
  { name, subject = 'IP:127.0.0.1', days = 2 }: { name: string; subject?: string; days?: number },
): Certificate {
  const paths = { cert: `${folder}/${name}.pem`, key: `${folder}/${name}.key` }
  const [request, extensions] = [`${folder}/${name}.csr`, `${folder}/${name}.ext`]
  writeFileSync(extensions, `subjectAltName=${subject}\n`)
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  run('req', '-new', ...NEW_KEY, '-keyout', paths.key, '-out', request, '-subj', `/CN=${name}`)
  run(
    ...['x509', '-req', '-in', request, '-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'],
    ...['-days', String(days), '-extfile', extensions, '-out', paths.cert],
  )
  return paths
}

/** Writes a certificate as an authenticator may have (WebAuthn Level 3, section 8.2.1), self-signed. */
export function writeAttestation(folder: string): Certificate {
  const paths = { cert: `${folder}/attestation.pem`, key: `${folder}/attestation.key` }
  const subject = ['-subj', '/C=AA/O=Tests/OU=Authenticator Attestation/CN=Test', '-days', '2']
  const files = ['-keyout', paths.key, '-out', paths.cert]
  const constraints = ['-addext', 'basicConstraints=critical,CA:FALSE']
  execFileSync('openssl', ['req', '-x509', ...NEW_KEY, ...files, ...subject, ...constraints], {
    stdio: 'ignore',
  })
  return paths
}

/** Writes a self-signed certificate for `localhost` and 127.0.0.1, and its key. */
export function writeCertificate(paths: { cert: string; key: string }, commonName: string): void {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const files = ['-keyout', paths.key, '-out', paths.cert]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${commonName}`, '-addext', names, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...subject], { stdio: 'ignore' })
}
