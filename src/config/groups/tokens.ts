import type { Schema } from '../setting.ts'

export const tokens = [
  {
    name: 'authorization-max-length',
    type: 'duration',
    min: '1m',
    max: '36500d',
    about: 'How long a new token may live at the most; unset, as long as its maker likes, also for ever.',
  },
] as const satisfies Schema
