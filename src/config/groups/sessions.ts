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
      'How long a session lasts without use; each request by cookie moves its expiry. InfluxDB ' +
      "documents ten minutes; its flag's default is 60.",
  }),
  duration({
    name: 'session-max-length',
    default: '12h',
    min: '1s',
    max: '3650d',
    about:
      'How long a session lasts after sign-in, however busy. Unless set, it is at least ' + 'session-length.',
  }),
  duration({
    name: 'session-remember-length',
    default: '30d',
    min: '0',
    max: '3650d',
    about: 'How long sessions with remember=true last; they survive a restart. 0: none.',
  }),
  integer({
    name: 'session-max-per-user',
    default: 100,
    min: 0,
    max: 1_000_000,
    about: 'Sessions that a user may have; a sign-in beyond it ends one. 0: no limit.',
  }),
  duration({
    name: 'session-fresh-length',
    default: '10m',
    min: '0',
    max: '365d',
    about:
      "How recent a session's sign-in must be for powerful acts, such as deleting users. 0: not " +
      'checked.',
  }),
  boolean({
    name: 'session-renew-disabled',
    default: false,
    influxdb: true,
    about: 'Ends a session session-length after sign-in, however busy.',
  }),
  choice({
    name: 'session-ui-poll',
    values: ['background', 'use'],
    default: 'background',
    about:
      'With ui influxdb: whether the GET /api/v2/me that each open tab of that UI sends every minute moves the ' +
      'expiry (use), as in InfluxDB, or not (background).',
  }),
  text({
    name: 'session-cookie-name',
    default: 'influxdb-oss-session',
    about: "The cookie's name. With TLS, browsers enforce Secure for __Secure-influxdb-oss-session.",
  }),
  text({
    name: 'session-cookie-path',
    default: '/api/',
    about: 'The paths to which browsers send the cookie.',
  }),
  text({
    name: 'session-cookie-domain',
    about:
      'Browsers send the cookie to every host of this domain, such as example.com, and each of them can read and set ' +
      'it. Unset: to this host only.',
  }),
  choice({
    name: 'session-cookie-lifetime',
    values: ['auto', 'session', 'longest'],
    default: 'auto',
    about:
      'When browsers drop the cookie: at the expiry that the session has (session), or when it must end at the latest ' +
      '(longest), so that it need not be sent again. auto: longest if session-cookie-path or -domain sends it to ' +
      'other applications.',
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
      'Whether the cookie is sent over TLS only. auto: if Sluice serves TLS, public-url is https, ' +
      'or a trusted proxy says so (X-Forwarded-Proto, or proto in Forwarded).',
  }),
  choice({
    name: 'deployment',
    values: ['oss', 'cloud'],
    default: 'oss',
    about:
      'What a session may do: with oss, what its user may in all its organizations; with cloud, in ' + 'one.',
  }),
] as const
