import type { Schema } from '../setting.ts'

export const sessions = [
  {
    name: 'session-length',
    type: 'duration',
    default: '10m',
    min: '1s',
    max: '3650d',
    bareUnit: 'minutes',
    influxdb: true,
    about: 'How long a session lasts after sign-in. InfluxDB documents ten minutes; its own default is 60.',
  },
  {
    name: 'session-renew-disabled',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Ends a session when its time is over, however busy. Otherwise every request by it prolongs it.',
  },
  {
    name: 'deployment',
    type: 'enum',
    values: ['oss', 'cloud'],
    default: 'oss',
    about:
      'What a session may do: with oss, what its user may in every organization it belongs to; with cloud, in one.',
  },
] as const satisfies Schema
