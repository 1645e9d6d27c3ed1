import { readFileSync } from 'node:fs'

/** The same file from `src` and from `dist`. */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

export const VERSION: string = manifest.version

/** The InfluxDB version that clients are told, since they choose by it. */
export const INFLUX_VERSION = 'v2.8.0'
