import { boolean, path } from '../shapes/setting.ts'

export const other = [
  path({
    name: 'config-path',
    influxdb: true,
    about:
      'A configuration file, or a folder with a sluice.toml, sluice.yaml, sluice.yml or ' +
      'sluice.json. Unset: the working directory.',
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
    about: 'Sends Strict-Transport-Security over TLS, including that of public-url or a trusted proxy.',
  }),
  boolean({
    name: 'ui-disabled',
    default: false,
    influxdb: true,
    about: "Turns the web console, the documentation and the upstream's UI off.",
  }),
  boolean({
    name: 'testing-always-allow-setup',
    default: false,
    influxdb: true,
    about: 'Allows setup again after it was done. For tests only: anyone can call it.',
  }),
] as const
