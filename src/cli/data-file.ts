import { existsSync } from 'node:fs'
import { CommandFailure } from './terminal/failure.ts'

/** For commands that need existing data, because opening a store would create a missing file. */
export function requireDataFile(path: string): void {
  if (existsSync(path)) return
  throw new CommandFailure(`there is no data in ${path}; name the file with --sqlite-path`)
}
