/** The command line: `--name value`, `--name=value`, and `--name` alone for what is true or false. */
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { plain, quoted } from '../refusals/quote.ts'
import { nearestSetting } from '../refusals/suggest.ts'
import type { Given, GivenByName } from '../shapes/given.ts'
import { isTables, nameInFirst, type Schema, type Single, singlesOf } from '../shapes/names.ts'

/**
 * The settings in `argv` (without the program and the command), by name. Throws ConfigurationError for an unknown
 * flag, one given twice, one without its value, and an argument that belongs to no flag.
 */
export function readFlags(schema: Schema, argv: readonly string[]): GivenByName {
  const singles = new Map(singlesOf(schema).map((single) => [single.name, single]))
  const given = new Map<string, Given>()
  let previous: Single | undefined
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!/^-./.test(word) || word === '--') throw leftover(word, previous)
    const [, name = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const single = singles.get(name)
    if (!single) throw unknownFlag(schema, word, name)
    const subject = `--${name}`
    const earlier = given.get(name)
    if (earlier && !single.setting.repeatable)
      throw new ConfigurationError(`${subject} is given twice; give it once`)

    let raw: unknown = inline
    if (inline === undefined && single.setting.kind === 'boolean') {
      raw = true
    } else if (inline === undefined) {
      i += 1
      raw = argv[i]
      if (typeof raw !== 'string' || raw.startsWith('--'))
        throw new ConfigurationError(`${subject} has no value; it must be given as ${subject} VALUE`)
    }
    if (single.setting.repeatable) raw = [...((earlier?.raw as readonly unknown[]) ?? []), raw]
    given.set(name, { raw, subject, source: `flag ${subject}` })
    previous = single
  }
  return given
}

function unknownFlag(schema: Schema, word: string, name: string): ConfigurationError {
  const [flag = word] = word.split('=', 1)
  const tables = schema.filter(isTables).find((each) => each.name === name)
  if (tables) {
    const first = tables.keys.map((key) => `--${nameInFirst(tables, key)}`).join(', ')
    return new ConfigurationError(`${flag} is a list; its first entry is given by ${first}`)
  }
  const meant = nearestSetting(
    flag.replace(/^-+/, ''),
    singlesOf(schema).map((single) => single.name),
  )
  const advice = meant ? `did you mean --${meant}?` : 'sluice help settings lists them'
  return new ConfigurationError(`${plain(flag)} is not a setting; ${advice}`)
}

function leftover(word: string, previous: Single | undefined): ConfigurationError {
  const flag = `--${previous?.name}`
  if (previous?.setting.kind === 'boolean' && /^(true|false)$/i.test(word))
    return new ConfigurationError(
      `${flag} and ${word} are two arguments; it must be ${flag}=${word.toLowerCase()}`,
    )
  // An argument after a secret may be the rest of a secret with a space, so it is not shown.
  const subject = previous?.setting.secret
    ? `the argument after ${flag} and its value`
    : `the argument ${quoted(word)}`
  return new ConfigurationError(`${subject} is not expected; settings are given as --name value`)
}
