import type { Schema } from '../setting.ts'

export const browsers = [
  {
    name: 'public-url',
    type: 'string',
    about:
      "The server's address for browsers, such as https://id.example.com: pages of this origin may " +
      'act for their users. Unset: the host requested; by https with TLS or session-cookie-secure ' +
      'always.',
  },
  {
    name: 'allowed-origins',
    type: 'list',
    default: [],
    about: 'Further origins whose pages may act for their users by cookie.',
  },
  {
    name: 'cors-allowed-origins',
    type: 'list',
    default: [],
    about: 'The only origins that get CORS headers. Unset: any origin is echoed, as in InfluxDB.',
  },
  {
    name: 'trusted-proxies',
    type: 'list',
    default: [],
    about:
      'Proxies whose X-Forwarded-For and Forwarded are accepted: addresses, networks such as ' +
      '10.0.0.0/8, loopback, private.',
  },
] as const satisfies Schema
