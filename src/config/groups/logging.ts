import { boolean, choice } from '../shapes/setting.ts'

export const logging = [
  choice({
    name: 'log-level',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    influxdb: true,
    about: 'The least severe messages to log.',
  }),
  choice({
    name: 'log-format',
    values: ['auto', 'json', 'pretty'],
    default: 'auto',
    about: 'One JSON object per line, or text for people. auto: pretty on a terminal, else json.',
  }),
  boolean({
    name: 'error-details',
    default: false,
    about: 'Adds op and err, which describe the internal cause, to error answers. For debugging only.',
  }),
  boolean({
    name: 'metrics-disabled',
    default: false,
    influxdb: true,
    about: 'Turns /metrics off.',
  }),
] as const
