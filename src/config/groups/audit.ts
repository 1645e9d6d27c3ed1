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
    about:
      'Where audit events are also written, as JSON lines: a file, which is opened anew on SIGHUP, or stdout.',
  },
] as const satisfies Schema
