import { type Loaded, loadSettings } from '../config/load.ts'
import type { Settings, Sources } from '../config/settings.ts'
import type { Io } from './io.ts'

/** The settings from arguments, environment and file. */
export function load(argv: readonly string[], { env, cwd, home, readFile }: Io): Loaded<Settings, Sources> {
  return loadSettings({ argv, env, cwd, home, readFile })
}
