import type { CertificateProblem } from '../../domain/records/upstream.ts'

/** Codes of Node and OpenSSL. */
const PROBLEMS: Readonly<Record<CertificateProblem, RegExp>> = {
  untrusted:
    /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|CERT_SIGNATURE_FAILURE)$/,
  expired: /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
  'other-name': /^ERR_TLS_CERT_ALTNAME_INVALID$/,
  // What the other side says before it closes the connection (RFC 8446, 6.2).
  'client-refused':
    /^ERR_SSL_.*ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|ACCESS_DENIED)$/,
}

/** A server that wants another client certificate often says no more than this: the handshake is over for the client. */
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** What is wrong with the certificates, by an error or one of its causes; undefined if it is something else. */
export function certificateProblemOf(
  error: unknown,
  { isTls }: { readonly isTls: boolean },
): CertificateProblem | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException
    const [found] = Object.entries(PROBLEMS).find(([, codes]) => codes.test(String(code))) ?? []
    if (found !== undefined) return found as CertificateProblem
    if (isTls && CLOSED.has(code ?? '')) return 'client-refused'
  }
  return undefined
}
