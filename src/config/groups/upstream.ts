import { boolean, bytes, choice, duration, integer, path, text, texts } from '../shapes/setting.ts'
import { tables } from '../shapes/tables.ts'

export const upstream = [
  tables({
    name: 'upstream',
    about:
      'The servers that this one guards, each a table. An upstream answers what is not about identities, with the rights of ' +
      'each caller.',
    keys: [
      text({
        name: 'url',
        mustBeSet: true,
        example: 'http://127.0.0.1:8087',
        about: 'Where the InfluxDB listens: http:// or https://, a host and a port, without a path.',
      }),
      text({
        name: 'name',
        about: 'The name by which other gateways ask about requests to it. Unset: its kind.',
      }),
      choice({
        name: 'kind',
        values: ['influxdb2', 'influxdb1', 'influxdb3', 'victoriametrics'],
        default: 'influxdb2',
        about:
          'Which server it is. All but influxdb2 have databases, which stand for buckets of one organization.',
      }),
      text({
        name: 'token',
        secret: true,
        about:
          'An operator token of an influxdb2, or an admin token of an influxdb3. Put it in token-file or the environment.',
      }),
      path({
        name: 'token-file',
        example: '/run/secrets/influxdb-token',
        about: 'A file with the operator token. Read at the start.',
      }),
      text({
        name: 'org',
        example: 'lab',
        about: 'The organization (name or id) whose buckets the databases are, for all but influxdb2.',
      }),
      texts({
        name: 'hosts',
        default: [],
        about:
          'Host names of this server whose requests go to this upstream. Without any it gets the requests of its ' +
          'organization.',
      }),
      text({
        name: 'username',
        about:
          'The name by which this server signs in to the upstream (of influxdb1 an administrator); left out if it ' +
          'asks for none.',
      }),
      text({
        name: 'password',
        secret: true,
        about: 'Its password. Put it in password-file or the environment.',
      }),
      path({ name: 'password-file', about: 'A file with the password. Read at the start.' }),
      boolean({
        name: 'drop-databases',
        default: false,
        about:
          'Whether deleting a bucket, or DROP DATABASE, also deletes the database, for all but influxdb2.',
      }),
      path({
        name: 'ca-file',
        about: 'The certificate (PEM) that the InfluxDB shows or that signed it, with https://.',
      }),
      path({ name: 'client-cert-file', about: 'The certificate (PEM) that this server shows the InfluxDB.' }),
      path({ name: 'client-key-file', about: 'The private key (PEM) of client-cert-file.' }),
      duration({
        name: 'connect-timeout',
        default: '2s',
        min: '100ms',
        max: '1m',
        about: 'How long a connection to the InfluxDB may take.',
      }),
      duration({
        name: 'write-timeout',
        default: '30s',
        min: '1s',
        max: '1h',
        about: 'How long the InfluxDB may take to answer a write, once it has the whole of it.',
      }),
      duration({
        name: 'query-timeout',
        default: '10m',
        min: '1s',
        max: '1d',
        about: 'How long the InfluxDB may take to begin the answer of a query, and between two parts of it.',
      }),
      duration({
        name: 'timeout',
        default: '30s',
        min: '1s',
        max: '1h',
        about: 'The same for every other request.',
      }),
      bytes({
        name: 'max-write-size',
        default: '100MiB',
        min: '1KiB',
        max: '1024GiB',
        about: 'The largest body of a write, as it is sent.',
      }),
      integer({
        name: 'connections',
        default: 128,
        min: 1,
        max: 10_000,
        about: 'How many connections to the InfluxDB are open at most. Further requests wait for one.',
      }),
      integer({
        name: 'max-in-flight',
        default: 1000,
        min: 1,
        max: 100_000,
        about: 'How many requests are forwarded at one time. Further ones are answered 429.',
      }),
      integer({
        name: 'max-in-flight-per-user',
        default: 100,
        min: 1,
        max: 100_000,
        about: 'How many of them one user may have.',
      }),
      choice({
        name: 'task-rights',
        values: ['owner', 'token'],
        default: 'owner',
        about:
          'What a caller needs to write a task, check or notification rule, which the InfluxDB runs with the ' +
          'memberships of its owner: all that these give (owner), or only the right to write tasks, as in ' +
          'InfluxDB (token).',
      }),
      choice({
        name: 'outbound',
        values: ['operators', 'all'],
        default: 'operators',
        about:
          'Who may send Flux or templates that make the InfluxDB open other hosts, files or databases, such as ' +
          'http.get or sql.from.',
      }),
    ],
  }),
] as const
