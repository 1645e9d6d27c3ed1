import type { Schema } from '../setting.ts'

export const other = [
  {
    name: 'config-path',
    type: 'path',
    influxdb: true,
    about:
      'A configuration file (.toml, .yaml, .yml or .json), or a folder with a sluice.toml, sluice.yaml, ' +
      'sluice.yml or sluice.json. When unset, the working directory is looked in for those.',
  },
  {
    name: 'pid-file',
    type: 'path',
    influxdb: true,
    about: 'A file that holds the process id while the server runs.',
  },
  {
    name: 'hardening-enabled',
    type: 'boolean',
    default: false,
    influxdb: true,
    about:
      'Over TLS, also that of public-url or of one of trusted-proxies, sends Strict-Transport-Security, so that ' +
      'browsers never come without it again.',
  },
  {
    name: 'ui-disabled',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Turns the web console off, and with it the documentation at /docs.',
  },
  {
    name: 'testing-always-allow-setup',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Allows the initial setup even when it was done before. For tests only: anybody can call it.',
  },
] as const satisfies Schema
