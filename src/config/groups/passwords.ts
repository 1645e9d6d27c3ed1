import type { Schema } from '../setting.ts'

export const passwords = [
  {
    name: 'password-policy',
    type: 'enum',
    values: ['none', 'common', 'strong'],
    default: 'common',
    about:
      'What a new password must be besides 8 to 72 bytes long and not blank: with common, none of ' +
      'the 10,000 commonest and no name of the user, the organization or the product; with strong, ' +
      "InfluxDB's strong-passwords.",
  },
  {
    name: 'strong-passwords',
    type: 'boolean',
    default: false,
    influxdb: true,
    about:
      'The same as password-policy strong: three of upper case, lower case, digits and special ' +
      'characters.',
  },
  {
    name: 'password-hash-concurrency',
    type: 'integer',
    default: 0,
    min: 0,
    max: 64,
    about: 'How many passwords are hashed at the same time. 0: one fewer than cores, at least one.',
  },
  {
    name: 'password-hash-queue',
    type: 'integer',
    default: 256,
    min: 0,
    max: 100_000,
    about: 'How many passwords may wait for hashing. Further requests get 503.',
  },
] as const satisfies Schema
