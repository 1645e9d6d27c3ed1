/** For tests: certificates made with the `openssl` command. */
import { execFileSync } from 'node:child_process'

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

/** Writes a self-signed certificate for `localhost` and 127.0.0.1, and its key. */
export function writeCertificate(paths: { cert: string; key: string }, commonName: string): void {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const files = ['-keyout', paths.key, '-out', paths.cert]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${commonName}`, '-addext', names, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...subject], { stdio: 'ignore' })
}
