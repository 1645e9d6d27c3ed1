import { boolean, choice, integer } from '../shapes/setting.ts'

export const passwords = [
  choice({
    name: 'password-policy',
    values: ['none', 'common', 'strong'],
    default: 'common',
    about:
      'What a new password must be besides 8 to 72 bytes long and not blank: with common, none of ' +
      'the 10,000 commonest and no name of the user, the organization or the product; with strong, ' +
      "InfluxDB's strong-passwords.",
  }),
  boolean({
    name: 'strong-passwords',
    default: false,
    influxdb: true,
    about:
      'The same as password-policy strong: three of upper case, lower case, digits and special ' +
      'characters.',
  }),
  integer({
    name: 'password-hash-concurrency',
    default: 0,
    min: 0,
    max: 64,
    about: 'Passwords hashed at the same time. 0: one fewer than cores, at least one.',
  }),
  integer({
    name: 'password-hash-queue',
    default: 256,
    min: 0,
    max: 100_000,
    about: 'Passwords that may wait for hashing, half of them tries of strangers; beyond that 503.',
  }),
] as const
