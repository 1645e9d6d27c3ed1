import { choice, duration, integer, path, text } from '../shapes/setting.ts'

export const store = [
  choice({
    name: 'store',
    values: ['disk', 'memory', 'postgres'],
    default: 'disk',
    influxdb: true,
    about:
      'Where users, tokens and other records are stored: in an SQLite file, in memory until the ' +
      'process ends, or in PostgreSQL.',
  }),
  path({
    name: 'sqlite-path',
    default: '~/.sluice/sluice.sqlite',
    influxdb: true,
    about: "The database file of the disk store. Never name a file of InfluxDB's.",
  }),
  text({
    name: 'postgres-url',
    secret: true,
    about:
      'The database of the store postgres: ' +
      'postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full. Other users of the machine ' +
      'see arguments: put the password in postgres-password-file or the environment.',
  }),
  path({
    name: 'postgres-password-file',
    about:
      'A file with the PostgreSQL password, in place of one in the URL; read at each new ' + 'connection.',
  }),
  path({
    name: 'postgres-ca-file',
    about:
      'The certificate (PEM) that PostgreSQL shows or that signed it; with it the server is verified unless ' +
      'the URL has another sslmode.',
  }),
  integer({
    name: 'postgres-pool-size',
    default: 10,
    min: 2,
    max: 1000,
    about: 'The largest number of connections to PostgreSQL.',
  }),
  duration({
    name: 'store-timeout',
    default: '2s',
    min: '100ms',
    // A mark (src/store/redis/sessions/stamps.ts) must outlive the transaction that it announces.
    max: '10s',
    about:
      'How long PostgreSQL may take for a statement, and a request wait for a connection or for the ' +
      'change before it; beyond it 503.',
  }),
] as const
