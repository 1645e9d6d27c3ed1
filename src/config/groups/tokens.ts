import { duration } from '../shapes/setting.ts'

export const tokens = [
  duration({
    name: 'authorization-max-length',
    min: '1m',
    max: '36500d',
    about: 'The longest life of a new token. Unset: unlimited.',
  }),
] as const
