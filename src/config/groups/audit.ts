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
    about: 'Copies audit events as JSON lines to a file, which SIGHUP reopens, or to stdout.',
  }),
] as const
