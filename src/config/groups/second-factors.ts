import { choice, integer, path } from '../shapes/setting.ts'

export const secondFactors = [
  choice({
    name: 'second-factor',
    values: ['off', 'offered', 'operators', 'owners', 'all'],
    default: 'off',
    about:
      'Who must have a second factor: operators; operators and owners of organizations; or all users. With offered, ' +
      'only whom an organization requires it of. off: users cannot enrol one; those enrolled before are still asked for.',
  }),
  integer({
    name: 'second-factor-grace',
    default: 0,
    min: 0,
    max: 100,
    about:
      'How many times a user may sign in without a required second factor before the session may only enrol one.',
  }),
  path({
    name: 'secret-key-file',
    about:
      'A file with the key that encrypts the secrets of authenticator apps: 32 bytes in base64, and on further lines ' +
      'earlier keys. Unset: a key in the database.',
  }),
] as const
