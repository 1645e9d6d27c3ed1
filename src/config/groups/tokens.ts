import { duration } from '../shapes/setting.ts'

export const tokens = [
  duration({
    name: 'authorization-max-length',
    min: '1m',
    max: '36500d',
    about: 'How long a new token may live at the most; unset, as long as its maker likes, also for ever.',
  }),
] as const
