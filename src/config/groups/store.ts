import { choice, duration, integer, path, text } from '../shapes/setting.ts'

export const store = [
  choice({
    name: 'store',
    values: ['disk', 'memory', 'postgres'],
    default: 'disk',
    influxdb: true,
    about:
      'Where users, organizations, tokens and the rest are kept: in a file of SQLite, in memory, which is gone on restart, or in PostgreSQL.',
  }),
  path({
    name: 'sqlite-path',
    default: '~/.sluice/sluice.sqlite',
    influxdb: true,
    about: "The database file of the disk store. It is Sluice's own, never a file of InfluxDB's.",
  }),
  text({
    name: 'postgres-url',
    secret: true,
    about:
      'The database of the store postgres: postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full. Arguments are seen by every user of the machine; a password belongs into postgres-password-file or the environment.',
  }),
  path({
    name: 'postgres-password-file',
    about:
      'A file with the password of PostgreSQL, instead of one in the URL. It is read at each new connection, so it may change.',
  }),
  path({
    name: 'postgres-ca-file',
    about:
      'The certificate (PEM) that PostgreSQL is to show or to be signed by. With it the server is verified unless the URL has another sslmode.',
  }),
  integer({
    name: 'postgres-pool-size',
    default: 10,
    min: 2,
    max: 1000,
    about: 'How many connections to PostgreSQL this server opens at most.',
  }),
  duration({
    name: 'store-timeout',
    default: '2s',
    min: '100ms',
    // A mark (src/store/redis/sessions/stamps.ts) must outlive the transaction that it announces.
    max: '10s',
    about:
      'How long PostgreSQL may take for a statement, and a request wait for a connection or for the change before it. What takes longer is answered with 503.',
  }),
] as const
