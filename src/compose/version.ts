import manifest from '../../package.json' with { type: 'json' }

export const VERSION = manifest.version

/** The InfluxDB version that answers name, since clients choose by it. */
export const INFLUX_VERSION = 'v2.8.0'
