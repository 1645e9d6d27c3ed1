/** Values of Content-Encoding that no gateway takes on a write: each would let upstream and Sluice read two texts. */
export const UNKNOWN_CODINGS: readonly (string | readonly string[])[] = [
  ...[
    'br',
    'deflate',
    'zstd',
    'x-gzip',
    'gzip, gzip',
    'gzip,identity',
    'identity, gzip',
    'gzip;q=1',
    'gzip,',
  ],
  ...[
    ['gzip', 'gzip'],
    ['identity', 'gzip'],
    ['gzip', 'br'],
  ],
]
