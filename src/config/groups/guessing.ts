import { duration, integer } from '../shapes/setting.ts'

export const guessing = [
  integer({
    name: 'guess-pair-free',
    default: 5,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries for one user from one address are free, before each further one must wait.',
  }),
  duration({
    name: 'guess-pair-delay',
    default: '10s',
    min: '1s',
    max: '1h',
    about: 'How long the first wait is. It doubles with every wrong try.',
  }),
  duration({
    name: 'guess-pair-longest-delay',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long a wait is at the most.',
  }),
  integer({
    name: 'guess-user-limit',
    default: 30,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries for one user from addresses that are new to it, within guess-window.',
  }),
  integer({
    name: 'guess-address-limit',
    default: 100,
    min: 1,
    max: 1_000_000,
    about:
      'How many wrong passwords and unreadable credentials from one address, and how many wrong tokens, which are ' +
      'counted apart, within guess-window.',
  }),
  duration({
    name: 'guess-window',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long the failures of a user and of an address are counted.',
  }),
] as const
