import { boolean, choice, duration, integer, text } from '../shapes/setting.ts'

export const sessions = [
  duration({
    name: 'session-length',
    default: '10m',
    min: '1s',
    max: '3650d',
    bareUnit: 'minutes',
    influxdb: true,
    about:
      'How long a session lasts without being used: each request moves its end to so long from then. InfluxDB ' +
      'documents ten minutes; its own default is 60.',
  }),
  duration({
    name: 'session-max-length',
    default: '12h',
    min: '1s',
    max: '3650d',
    about:
      'How long a session lasts after sign-in at the most, however busy it is. Where it is not set, it is at least ' +
      'session-length.',
  }),
  duration({
    name: 'session-remember-length',
    default: '30d',
    min: '0',
    max: '3650d',
    about:
      'How long "keep me signed in" (remember=true at sign-in) lasts; such sessions survive a restart. 0 switches it off.',
  }),
  integer({
    name: 'session-max-per-user',
    default: 100,
    min: 0,
    max: 1_000_000,
    about:
      'How many sessions a user may have at a time. A sign-in beyond it ends one: of the same user agent and address ' +
      'before others, of programs before browsers, the one longest without use first. 0 is no limit.',
  }),
  duration({
    name: 'session-fresh-length',
    default: '10m',
    min: '0',
    max: '365d',
    about:
      'How young a sign-in must be to make powerful tokens, set passwords without the old one or deactivate ' +
      'owners by session. 0 asks for none.',
  }),
  boolean({
    name: 'session-renew-disabled',
    default: false,
    influxdb: true,
    about: 'Ends a session when its time is over, however busy. Otherwise every request by it prolongs it.',
  }),
  text({
    name: 'session-cookie-name',
    default: 'influxdb-oss-session',
    about: "The cookie's name. With TLS, __Secure-influxdb-oss-session makes browsers insist on it.",
  }),
  text({
    name: 'session-cookie-path',
    default: '/api/',
    about: 'The paths to which browsers send the cookie.',
  }),
  choice({
    name: 'session-cookie-same-site',
    values: ['strict', 'lax', 'none'],
    default: 'strict',
    about: 'Whether browsers send the cookie with requests from other sites; none needs Secure.',
  }),
  choice({
    name: 'session-cookie-secure',
    values: ['auto', 'always', 'never'],
    default: 'auto',
    about:
      'Whether the cookie is sent over TLS only; auto is so where Sluice itself serves TLS, public-url is https, or ' +
      'one of trusted-proxies says so (X-Forwarded-Proto, or proto in Forwarded).',
  }),
  choice({
    name: 'deployment',
    values: ['oss', 'cloud'],
    default: 'oss',
    about:
      'What a session may do: with oss, what its user may in every organization it belongs to; with cloud, in one.',
  }),
] as const
