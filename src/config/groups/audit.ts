import type { Schema } from '../setting.ts'

export const audit = [
  {
    name: 'audit-retention',
    type: 'duration',
    default: '90d',
    min: '1m',
    max: '36500d',
    about: 'How long audit events are kept.',
  },
  {
    name: 'audit-log',
    type: 'string',
    about: 'Copies audit events as JSON lines to a file, which SIGHUP reopens, or to stdout.',
  },
] as const satisfies Schema
