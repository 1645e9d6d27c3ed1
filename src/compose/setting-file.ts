/** Files that settings name. */
import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'

/**
 * The text of the file. Throws ConfigurationError if it cannot be read.
 *
 * @param setting as the error names it
 */
export function readSettingFile(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigurationError(`${setting} cannot be read: ${(error as Error).message}`)
  }
}
