import type { Schema } from '../setting.ts'

export const tokens = [
  {
    name: 'authorization-max-length',
    type: 'duration',
    min: '1m',
    max: '36500d',
    about: 'The longest life of a new token. Unset: as its creator chooses, also unlimited.',
  },
] as const satisfies Schema
