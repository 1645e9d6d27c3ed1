import type { Schema } from '../setting.ts'

export const logging = [
  {
    name: 'log-level',
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    influxdb: true,
    about: 'The least severe messages to log.',
  },
  {
    name: 'log-format',
    type: 'enum',
    values: ['auto', 'json', 'pretty'],
    default: 'auto',
    about: 'One JSON object per line, or text for people. auto is pretty on a terminal, else json.',
  },
  {
    name: 'error-details',
    type: 'boolean',
    default: false,
    about: 'Adds op and err, which describe the internal cause, to error answers. For debugging only.',
  },
  {
    name: 'metrics-disabled',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Turns /metrics off.',
  },
] as const satisfies Schema
