import { text, texts } from '../shapes/setting.ts'

export const browsers = [
  text({
    name: 'public-url',
    about:
      'Where browsers reach the server, such as https://id.example.com: pages of this origin may act for ' +
      'their users. Unset, it is the host that was asked for; by https with TLS or session-cookie-secure always.',
  }),
  texts({
    name: 'allowed-origins',
    default: [],
    about: 'Further origins whose pages may act for their users by cookie.',
  }),
  texts({
    name: 'cors-allowed-origins',
    default: [],
    about: 'The only origins to which CORS headers are sent. Unset, any origin is echoed, as InfluxDB does.',
  }),
  texts({
    name: 'trusted-proxies',
    default: [],
    about:
      'Proxies whose X-Forwarded-For or Forwarded is believed: addresses, networks such as 10.0.0.0/8, loopback, private.',
  }),
] as const
