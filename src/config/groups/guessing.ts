import type { Schema } from '../setting.ts'

export const guessing = [
  {
    name: 'guess-pair-free',
    type: 'integer',
    default: 5,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries for one user from one address are free, before each further one must wait.',
  },
  {
    name: 'guess-pair-delay',
    type: 'duration',
    default: '10s',
    min: '1s',
    max: '1h',
    about: 'How long the first wait is. It doubles with every wrong try.',
  },
  {
    name: 'guess-pair-longest-delay',
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long a wait is at the most.',
  },
  {
    name: 'guess-user-limit',
    type: 'integer',
    default: 30,
    min: 1,
    max: 1_000_000,
    about: 'How many wrong tries for one user from addresses that are new to it, within guess-window.',
  },
  {
    name: 'guess-address-limit',
    type: 'integer',
    default: 100,
    min: 1,
    max: 1_000_000,
    about:
      'How many wrong passwords and unreadable credentials from one address, and how many wrong tokens, which are ' +
      'counted apart, within guess-window.',
  },
  {
    name: 'guess-window',
    type: 'duration',
    default: '15m',
    min: '1s',
    max: '24h',
    about: 'How long the failures of a user and of an address are counted.',
  },
] as const satisfies Schema
