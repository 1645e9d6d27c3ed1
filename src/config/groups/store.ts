import type { Schema } from '../setting.ts'

export const store = [
  {
    name: 'store',
    type: 'enum',
    values: ['disk', 'memory'],
    default: 'disk',
    influxdb: true,
    about: 'Where users, organizations, tokens and the rest are kept. What is in memory is gone on restart.',
  },
  {
    name: 'sqlite-path',
    type: 'path',
    default: '~/.sluice/sluice.sqlite',
    influxdb: true,
    about: "The database file of the disk store. It is Sluice's own, never a file of InfluxDB's.",
  },
] as const satisfies Schema
