import { boolean, path } from '../shapes/setting.ts'

export const other = [
  path({
    name: 'config-path',
    influxdb: true,
    about:
      'A configuration file (.toml, .yaml, .yml or .json), or a folder with a sluice.toml, sluice.yaml, ' +
      'sluice.yml or sluice.json. When unset, the working directory is looked in for those.',
  }),
  path({
    name: 'pid-file',
    influxdb: true,
    about: 'A file that holds the process id while the server runs.',
  }),
  boolean({
    name: 'hardening-enabled',
    default: false,
    influxdb: true,
    about:
      'Over TLS, also that of public-url or of one of trusted-proxies, sends Strict-Transport-Security, so that ' +
      'browsers never come without it again.',
  }),
  boolean({
    name: 'ui-disabled',
    default: false,
    influxdb: true,
    about: 'Turns the web console off, and with it the documentation at /docs.',
  }),
  boolean({
    name: 'testing-always-allow-setup',
    default: false,
    influxdb: true,
    about: 'Allows the initial setup even when it was done before. For tests only: anybody can call it.',
  }),
] as const
