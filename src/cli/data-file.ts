import { existsSync } from 'node:fs'
import { ConfigurationError } from '../config/configuration-error.ts'

/** For commands that work on data that is there: opening a store makes the file where there is none. */
export function requireDataFile(path: string): void {
  if (existsSync(path)) return
  throw new ConfigurationError(`there is no data in ${path}; name the file with --sqlite-path`)
}
