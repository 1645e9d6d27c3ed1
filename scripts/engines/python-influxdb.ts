/** InfluxData's Python client of InfluxDB 1.x, from Debian, for a test that it works unchanged. */
import { spawnSync } from 'node:child_process'

/** Debian's Python: another one on the path would not have Debian's modules. */
export const PYTHON = '/usr/bin/python3'

export function pythonInfluxdb(): boolean {
  return spawnSync(PYTHON, ['-c', 'import influxdb'], { stdio: 'ignore' }).status === 0
}
