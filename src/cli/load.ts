import { type Loaded, loadSettings, readSettings } from '../config/load.ts'
import { type Settings, type Sources, schema } from '../config/settings.ts'
import type { Invocation } from './frame/command.ts'

/** The settings of the server, as it would start with them. */
export function load({ input }: Pick<Invocation, 'input'>): Loaded<Settings, Sources> {
  return loadSettings(input)
}

/** The same without the rules between settings, some of which only a server must keep. */
export function read({ input }: Pick<Invocation, 'input'>): Settings {
  return readSettings(schema, input).settings as Settings
}
