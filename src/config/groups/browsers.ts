import { choice, text, texts } from '../shapes/setting.ts'

export const browsers = [
  choice({
    name: 'ui',
    values: ['console', 'influxdb'],
    default: 'console',
    about:
      "What browsers get at /: the console, or the UI of the upstream's InfluxDB, with the console and the " +
      'documentation at /console/.',
  }),
  text({
    name: 'public-url',
    about:
      "The server's address for browsers, such as https://id.example.com: pages of this origin may " +
      'act for their users. Unset: the host requested; by https with TLS or session-cookie-secure ' +
      'always.',
  }),
  text({
    name: 'base-path',
    about:
      'The path of a proxy below which the whole server is, console included, such as /sluice. Unset: the path of ' +
      'public-url.',
  }),
  texts({
    name: 'allowed-origins',
    default: [],
    about: 'Further origins whose pages may act for their users by cookie.',
  }),
  texts({
    name: 'cors-allowed-origins',
    default: [],
    about: 'The only origins that get CORS headers. Unset: any origin is echoed, as in InfluxDB.',
  }),
  texts({
    name: 'trusted-proxies',
    default: [],
    about:
      'Proxies whose X-Forwarded-For and Forwarded are accepted: addresses, networks such as ' +
      '10.0.0.0/8, loopback, private.',
  }),
  texts({
    name: 'allowed-return-hosts',
    default: [],
    about:
      'Hosts to which the sign-in page sends browsers back: grafana.example.com, or *.example.com for all below it. ' +
      "This server's own host is always one.",
  }),
] as const
