import { choice, integer, path } from '../shapes/setting.ts'

export const tls = [
  path({
    name: 'tls-cert',
    influxdb: true,
    about: 'The certificate (PEM, with its chain) for HTTPS. Needs tls-key.',
  }),
  path({
    name: 'tls-key',
    influxdb: true,
    about: 'The private key (PEM) of tls-cert.',
  }),
  choice({
    name: 'tls-min-version',
    values: ['1.2', '1.3'],
    default: '1.2',
    influxdb: true,
    about: 'The oldest TLS version that clients may use.',
  }),
  integer({
    name: 'strict-transport-security-max-age',
    default: 31_536_000,
    min: 0,
    max: 2_147_483_647,
    influxdb: true,
    about: 'For how many seconds browsers must use HTTPS only, with hardening-enabled.',
  }),
] as const
