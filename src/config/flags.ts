/** The command line: `--name value`, `--name=value`, and `--name` alone for what is true or false. */
import { ConfigurationError } from './configuration-error.ts'
import { plain, quoted } from './quote.ts'
import type { Given, Schema, Setting } from './setting.ts'
import { nearestSetting } from './suggest.ts'

const unknownFlag = (schema: Schema, word: string): ConfigurationError => {
  const [flag = word] = word.split('=', 1)
  const meant = nearestSetting(
    flag.replace(/^-+/, ''),
    schema.map(({ name }) => name),
  )
  const advice = meant ? `did you mean --${meant}?` : 'sluice --help lists them'
  return new ConfigurationError(`${plain(flag)} is not a setting; ${advice}`)
}

const leftover = (word: string, previous: Setting | undefined): ConfigurationError => {
  if (previous?.type === 'boolean' && /^(true|false)$/i.test(word))
    return new ConfigurationError(
      `--${previous.name} and ${word} are two arguments; it must be --${previous.name}=${word.toLowerCase()}`,
    )
  // After a secret it may be the other half of one that has a space in it.
  const subject = previous?.secret
    ? `the argument after --${previous.name} and its value`
    : `the argument ${quoted(word)}`
  return new ConfigurationError(`${subject} is not expected; settings are given as --name value`)
}

/**
 * What `argv` (without the program and the command) gives, by the name of the setting.
 * Throws ConfigurationError on an unknown flag, one given twice, one without its value, and on any
 * argument that belongs to no flag.
 */
export const readFlags = (schema: Schema, argv: readonly string[]): ReadonlyMap<string, Given> => {
  const settings = new Map(schema.map((setting) => [setting.name, setting]))
  const given = new Map<string, Given>()
  let previous: Setting | undefined
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!/^-./.test(word) || word === '--') throw leftover(word, previous)
    const [, name = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const setting = settings.get(name)
    if (!setting) throw unknownFlag(schema, word)
    const subject = `--${name}`
    if (given.has(name)) throw new ConfigurationError(`${subject} is given twice; give it once`)

    let raw: unknown = inline
    if (inline === undefined && setting.type === 'boolean') {
      raw = true
    } else if (inline === undefined) {
      i += 1
      raw = argv[i]
      if (typeof raw !== 'string' || raw.startsWith('--'))
        throw new ConfigurationError(`${subject} has no value; it must be given as ${subject} VALUE`)
    }
    given.set(name, { raw, subject, source: `flag ${subject}` })
    previous = setting
  }
  return given
}
