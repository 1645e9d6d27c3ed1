import type { Schema } from '../setting.ts'

export const store = [
  {
    name: 'store',
    type: 'enum',
    values: ['disk', 'memory', 'postgres'],
    default: 'disk',
    influxdb: true,
    about:
      'Where users, organizations, tokens and other records are stored: in an SQLite file, in ' +
      'memory until the process ends, or in PostgreSQL.',
  },
  {
    name: 'sqlite-path',
    type: 'path',
    default: '~/.sluice/sluice.sqlite',
    influxdb: true,
    about: "The database file of the disk store. It belongs to Sluice; never name a file of InfluxDB's.",
  },
  {
    name: 'postgres-url',
    type: 'string',
    secret: true,
    about:
      'The database of the store postgres: ' +
      'postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full. Every user of the machine ' +
      'sees arguments: put the password in postgres-password-file or the environment.',
  },
  {
    name: 'postgres-password-file',
    type: 'path',
    about:
      'A file with the PostgreSQL password, in place of one in the URL. Read at each new ' +
      'connection, so it may change.',
  },
  {
    name: 'postgres-ca-file',
    type: 'path',
    about:
      'The certificate (PEM) that PostgreSQL shows or that signed it. With it the server is ' +
      'verified unless the URL has another sslmode.',
  },
  {
    name: 'postgres-pool-size',
    type: 'integer',
    default: 10,
    min: 2,
    max: 1000,
    about: 'The largest number of connections to PostgreSQL.',
  },
  {
    name: 'store-timeout',
    type: 'duration',
    default: '2s',
    min: '100ms',
    // A mark (src/store/redis/sessions/stamps.ts) must outlive the transaction that it announces.
    max: '10s',
    about:
      'How long PostgreSQL may take for a statement, and a request wait for a connection or for the ' +
      'change before it; beyond it 503.',
  },
] as const satisfies Schema
