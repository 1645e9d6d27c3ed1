/** Headers that keep browsers from interpreting responses as something else, such as a page. */

/** No response of the API is a page. Base, forms and framing are named because `default-src` does not cover them. */
const POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; sandbox"

/**
 * `no-store` (ASVS 5.0 14.3.2), no sniffing (3.4.4), no referrer (3.4.5), a policy that lets nothing run or
 * frame (3.2.1, 3.4.3, 3.4.6), no embedding by other origins (3.5.8; requests by CORS are not concerned) and, if
 * `strictTransportSeconds` is given, HSTS (3.4.1).
 */
export function securityHeaders(options: {
  strictTransportSeconds: number | undefined
}): Record<string, string> {
  const { strictTransportSeconds } = options
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': POLICY,
    'cross-origin-resource-policy': 'same-origin',
    ...(strictTransportSeconds === undefined
      ? {}
      : { 'strict-transport-security': `max-age=${strictTransportSeconds}` }),
  }
}
