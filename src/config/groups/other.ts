import type { Schema } from '../setting.ts'

export const other = [
  {
    name: 'config-path',
    type: 'path',
    influxdb: true,
    about:
      'A configuration file (.toml, .yaml, .yml or .json), or a folder with a sluice.toml, ' +
      'sluice.yaml, sluice.yml or sluice.json. Unset: the working directory.',
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
      'Sends Strict-Transport-Security over TLS, including that of public-url or a trusted proxy, ' +
      'so that browsers use only HTTPS.',
  },
  {
    name: 'ui-disabled',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Turns the web console and the documentation at /docs off.',
  },
  {
    name: 'testing-always-allow-setup',
    type: 'boolean',
    default: false,
    influxdb: true,
    about: 'Allows setup again after it was done. For tests only: anyone can call it.',
  },
] as const satisfies Schema
