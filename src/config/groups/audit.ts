import { boolean, duration, text } from '../shapes/setting.ts'

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
  boolean({
    name: 'audit-data',
    default: false,
    about:
      'Also records each query and delete that is forwarded to the upstream, with the first 4 KiB of its text, and ' +
      'counts writes by minute and bucket.',
  }),
] as const
