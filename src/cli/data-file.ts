import { existsSync } from 'node:fs'
import { ConfigurationError } from '../config/configuration-error.ts'

/** For commands that need existing data, because opening a store would create a missing file. */
export function requireDataFile(path: string): void {
  if (existsSync(path)) return
  throw new ConfigurationError(`there is no data in ${path}; name the file with --sqlite-path`)
}
