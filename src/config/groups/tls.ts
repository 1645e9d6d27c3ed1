import type { Schema } from '../setting.ts'

export const tls = [
  {
    name: 'tls-cert',
    type: 'path',
    influxdb: true,
    about: 'The certificate (PEM, with its chain) for HTTPS. Needs tls-key.',
  },
  {
    name: 'tls-key',
    type: 'path',
    influxdb: true,
    about: 'The private key (PEM) of tls-cert.',
  },
  {
    name: 'tls-min-version',
    type: 'enum',
    values: ['1.2', '1.3'],
    default: '1.2',
    influxdb: true,
    about: 'The oldest TLS version that clients may use.',
  },
  {
    name: 'strict-transport-security-max-age',
    type: 'integer',
    default: 31_536_000,
    min: 0,
    max: 2_147_483_647,
    influxdb: true,
    about:
      'For how many seconds browsers must use HTTPS only (Strict-Transport-Security), with ' +
      'hardening-enabled.',
  },
] as const satisfies Schema
