/** From what was written to a typed value, and back. */
import { join, resolve } from 'node:path'
import { formatAddress, parseAddress } from './address.ts'
import { formatBytes, parseBytes } from './bytes.ts'
import { formatDuration, parseDuration } from './duration.ts'
import type { Setting, Value } from './setting.ts'

/** What paths are relative to. */
export interface Place {
  readonly cwd: string
  readonly home: string
}

/** `expected` completes the sentence "it must be ...". It never repeats what was given. */
export type Read = { readonly value: Value | undefined } | { readonly expected: string }

const orRefuse = (value: Value | undefined, expected: string): Read =>
  value === undefined ? { expected } : { value }

const within = (
  parse: (text: string) => number | undefined,
  format: (value: number) => string,
  text: string,
  limits: { readonly min: string; readonly max: string },
  expected: string,
): Read => {
  const value = parse(text)
  if (value === undefined) return { expected }
  const [min, max] = [parse(limits.min), parse(limits.max)]
  if (min === undefined || max === undefined) throw new TypeError('a limit in the schema does not parse')
  return value < min || value > max ? { expected: `from ${format(min)} to ${format(max)}` } : { value }
}

const readInteger = (text: string, { min, max }: { readonly min: number; readonly max: number }): Read => {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? { value } : { expected: `a whole number from ${min} to ${max}` }
}

const readPath = (text: string, { cwd, home }: Place): Read => {
  if (text === '' || text.includes('\0')) return { expected: 'a path' }
  return { value: resolve(cwd, /^~(?=$|[/\\])/.test(text) ? join(home, text.slice(1)) : text) }
}

const readList = (raw: unknown): Read => {
  const items = typeof raw === 'string' ? raw.split(',') : raw
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string'))
    return { expected: 'a list of strings, such as a,b' }
  return { value: items.map((item) => item.trim()).filter((item) => item !== '') }
}

// Go's flags and so InfluxDB's take 1 and 0, and True as Python and Helm charts write it.
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/**
 * Reads `raw` (a string from a flag or a variable; a string, number, boolean or list from a file) as
 * what `setting` is. The empty string unsets a setting that may be unset.
 */
export const readValue = (setting: Setting, raw: unknown, place: Place): Read => {
  if (raw === '' && setting.default === undefined) return { value: undefined }
  const string = typeof raw === 'string' ? raw.trim() : ''
  const text = typeof raw === 'number' ? String(raw) : string
  switch (setting.type) {
    case 'string':
      return orRefuse(typeof raw === 'string' && raw !== '' ? raw : undefined, 'text')
    case 'path':
      return readPath(typeof raw === 'string' ? raw : '', place)
    case 'boolean':
      return orRefuse(typeof raw === 'boolean' ? raw : BOOLEANS.get(text.toLowerCase()), 'true or false')
    case 'integer':
      return readInteger(text, setting)
    case 'duration': {
      const bare = setting.bareUnit ? `, or a number of ${setting.bareUnit}` : ', or 0'
      const examples = `a duration such as 90s, 10m or 1h30m${bare}`
      return within((t) => parseDuration(t, setting.bareUnit), formatDuration, text, setting, examples)
    }
    case 'bytes':
      return within(parseBytes, formatBytes, text, setting, 'a size such as 1048576, 64KiB or 1MiB')
    case 'address':
      return orRefuse(parseAddress(string), 'an address such as :8086, 127.0.0.1:8086 or [::1]:8086')
    case 'enum':
      return orRefuse(
        setting.values.find((value) => value === text),
        `one of ${setting.values.join(', ')}`,
      )
    case 'list':
      return readList(raw)
  }
}

/** The form in which one would write it in a flag. */
export const formatValue = ({ type }: Setting, value: Value): string => {
  if (typeof value === 'number') {
    if (type === 'duration') return formatDuration(value)
    return type === 'bytes' ? formatBytes(value) : String(value)
  }
  if (typeof value === 'object') return 'port' in value ? formatAddress(value) : value.join(',')
  return String(value)
}
