import type { Schema } from '../setting.ts'

export const guessing = [
  {
    name: 'guess-pair-free',
    type: 'integer',
    default: 5,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries for one user from one address are free before delays begin.',
  },
  {
    name: 'guess-pair-delay',
    type: 'duration',
    default: '10s',
    min: '1s',
    max: '1h',
    about: 'The first delay. It doubles with each wrong try.',
  },
  {
    name: 'guess-pair-longest-delay',
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'The longest delay.',
  },
  {
    name: 'guess-user-limit',
    type: 'integer',
    default: 30,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries per user, from addresses new to it, are allowed within guess-window.',
  },
  {
    name: 'guess-address-limit',
    type: 'integer',
    default: 100,
    min: 1,
    max: 1_000_000,
    about:
      'How many wrong passwords and unreadable credentials from one address are allowed within ' +
      'guess-window; and, counted separately, as many wrong tokens.',
  },
  {
    name: 'guess-window',
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long failures of a user and of an address are counted.',
  },
] as const satisfies Schema
