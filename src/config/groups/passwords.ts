import type { Schema } from '../setting.ts'

export const passwords = [
  {
    name: 'strong-passwords',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Demands three of upper case, lower case, digits and special characters in every password.',
  },
  {
    name: 'password-hash-concurrency',
    type: 'integer',
    default: 0,
    min: 0,
    max: 64,
    about:
      'How many passwords are hashed at the same time. 0 is one fewer than there are cores, at least one.',
  },
  {
    name: 'password-hash-queue',
    type: 'integer',
    default: 256,
    min: 0,
    max: 100_000,
    about: 'How many passwords may wait for hashing. Beyond that a request is answered with 503.',
  },
] as const satisfies Schema
