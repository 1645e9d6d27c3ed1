import { duration, text } from '../shapes/setting.ts'

export const audit = [
  duration({
    name: 'audit-retention',
    default: '90d',
    min: '1m',
    max: '36500d',
    about: 'How long audit events are kept.',
  }),
  text({
    name: 'audit-log',
    about:
      'Where audit events are also written, as JSON lines: a file, which is opened anew on SIGHUP, or stdout.',
  }),
] as const
