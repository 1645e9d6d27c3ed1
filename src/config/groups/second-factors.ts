import { boolean, choice, integer, path, text } from '../shapes/setting.ts'

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
  boolean({
    name: 'passkey-sign-in',
    default: true,
    about:
      'With second factors on: a passkey that verifies its user, by PIN, fingerprint or face, may sign in without a ' +
      'password. false: only beside the password.',
  }),
  text({
    name: 'webauthn-rp-id',
    about:
      'The domain to which passkeys belong: the host of public-url, or a domain above it. Another value makes the ' +
      'passkeys of before useless. Unset: the host of public-url.',
  }),
  path({
    name: 'secret-key-file',
    about:
      'A file with the key that encrypts the secrets of authenticator apps: 32 bytes in base64, and on further lines ' +
      'earlier keys. Unset: a key in the database.',
  }),
] as const
