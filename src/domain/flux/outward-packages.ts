/** Packages of Flux 0.200 whose functions open connections or files. */

/**
 * By path, with what they open. The packages of `contrib` send to a service each, by `http`; `influxdata/influxdb`
 * itself, `csv` and `influxdata/influxdb/v1` open hosts and files only if they get the argument `host` or `file`.
 */
export const OUTWARD_PACKAGES: Readonly<Record<string, string>> = {
  http: 'any URL (post)',
  'http/requests': 'any URL',
  'experimental/http': 'any URL (get)',
  'experimental/http/requests': 'any URL',
  'experimental/csv': 'any URL',
  'experimental/influxdb': 'any InfluxDB, with a token',
  'experimental/usage': 'any InfluxDB, with a token',
  'experimental/prometheus': 'any URL',
  'experimental/bigtable': 'Bigtable',
  'experimental/mqtt': 'any MQTT broker',
  'experimental/iox': 'InfluxDB IOx',
  'influxdata/influxdb/sample': 'InfluxData on GitHub',
  kafka: 'any Kafka broker',
  pagerduty: 'PagerDuty, or any URL by option',
  pushbullet: 'Pushbullet, or any URL by option',
  slack: 'any URL',
  socket: 'any address',
  sql: 'any database, also SQLite files of the server',
}

const OUTWARD_PREFIX = 'contrib/'

/** Whether importing this package lets a text open connections or files. Unknown paths cannot be imported at all. */
export function reachesOut(path: string): boolean {
  return Object.hasOwn(OUTWARD_PACKAGES, path) || path.startsWith(OUTWARD_PREFIX)
}
