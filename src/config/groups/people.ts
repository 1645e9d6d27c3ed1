import { choice, duration } from '../shapes/setting.ts'

export const people = [
  choice({
    name: 'invitations',
    values: ['off', 'operators', 'owners'],
    default: 'owners',
    about:
      'Who may invite people, who become users by opening a link: operators, or also owners of an organization, into ' +
      'it only. off: invitations are refused.',
  }),
  duration({
    name: 'invitation-length',
    default: '72h',
    min: '10m',
    max: '720h',
    about: 'How long an invitation can be accepted.',
  }),
  duration({
    name: 'password-link-length',
    default: '1h',
    min: '5m',
    max: '24h',
    about: 'How long a link to set a new password works.',
  }),
] as const
