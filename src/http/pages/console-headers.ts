/**
 * What headers tell browsers about the console's files: nothing runs but its own scripts, none of them inline; no text
 * becomes a script (Trusted Types); nothing is asked of another host; no other page frames it or holds its window
 * (ASVS 5.0 3.4.3, 3.4.6, 3.4.8). What every answer carries comes besides.
 */
export const CONSOLE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
}
