import { duration, integer } from '../shapes/setting.ts'

export const guessing = [
  integer({
    name: 'guess-pair-free',
    default: 5,
    min: 1,
    max: 1_000_000,
    about: 'Wrong tries for one user from one address before delays begin.',
  }),
  duration({
    name: 'guess-pair-delay',
    default: '10s',
    min: '1s',
    max: '1h',
    about: 'The first delay. It doubles with each wrong try.',
  }),
  duration({
    name: 'guess-pair-longest-delay',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'The longest delay.',
  }),
  integer({
    name: 'guess-user-limit',
    default: 30,
    min: 1,
    max: 1_000_000,
    about: 'Wrong tries per user, from addresses new to it, within guess-window.',
  }),
  integer({
    name: 'guess-address-limit',
    default: 100,
    min: 1,
    max: 1_000_000,
    about:
      'Wrong passwords and unreadable credentials from one address within guess-window; and, ' +
      'counted separately, wrong tokens.',
  }),
  duration({
    name: 'guess-window',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long failures of a user and of an address are counted.',
  }),
] as const
