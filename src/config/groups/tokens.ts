import { duration } from '../shapes/setting.ts'

export const tokens = [
  duration({
    name: 'authorization-max-length',
    min: '1m',
    max: '36500d',
    about: 'The longest life of a new token. Unset: unlimited.',
  }),
  duration({
    name: 'command-line-token-length',
    default: '12h',
    min: '0',
    max: '365d',
    about: 'How long a token of sluice login lasts, within authorization-max-length. 0: none are given.',
  }),
] as const
