/** How each kind of value is read from what was written, and written again. */
import { join, resolve } from 'node:path'
import { type Address, formatAddress, parseAddress } from './address.ts'
import { formatBytes, parseBytes } from './bytes.ts'
import { formatDuration, parseDuration } from './duration.ts'
import type { Kind, Setting } from './setting.ts'

/** What paths are relative to. Both are absolute. */
export interface Place {
  readonly cwd: string
  readonly home: string
}

interface Reading {
  /** In help, after the flag. */
  placeholder(setting: Setting): string
  /**
   * The value of `raw`: a string from a flag or a variable; a string, number, boolean or list from a file. What cannot
   * be read is null, which no shape allows.
   */
  read(raw: unknown, setting: Setting, place: Place): unknown
  /** Completes the sentence "it must be ..."; it never repeats what was given. */
  expected(setting: Setting): string
  /** The form in which one would write it in a flag. */
  write(value: never): string
}

// Go's flags, and so InfluxDB's, accept 1 and 0, and True as Python and Helm charts write it.
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

export const KINDS: Readonly<Record<Kind, Reading>> = {
  text: {
    placeholder: () => ' TEXT',
    read: (raw) => raw,
    expected: () => 'text',
    write: String,
  },
  path: {
    placeholder: () => ' PATH',
    read: (raw, _, place) => readPath(raw, place),
    expected: () => 'a path',
    write: String,
  },
  boolean: {
    placeholder: () => '',
    read: (raw) => (typeof raw === 'boolean' ? raw : (BOOLEANS.get(textOf(raw).toLowerCase()) ?? null)),
    expected: () => 'true or false',
    write: String,
  },
  integer: {
    placeholder: () => ' NUMBER',
    read: (raw) => (/^-?\d+$/.test(textOf(raw)) ? Number(textOf(raw)) : null),
    expected: ({ min, max }) => `a whole number from ${min} to ${max}`,
    write: String,
  },
  duration: {
    placeholder: ({ bareUnit }) => ` DURATION${bareUnit ? `|${bareUnit.toUpperCase()}` : ''}`,
    read: (raw, { bareUnit }) => parseDuration(textOf(raw), bareUnit) ?? null,
    expected: ({ bareUnit }) =>
      `a duration such as 90s, 10m or 1h30m${bareUnit ? `, or a number of ${bareUnit}` : ', or 0'}`,
    write: (value: number) => formatDuration(value),
  },
  bytes: {
    placeholder: () => ' SIZE',
    read: (raw) => parseBytes(textOf(raw)) ?? null,
    expected: () => 'a size such as 1048576, 64KiB or 1MiB',
    write: (value: number) => formatBytes(value),
  },
  address: {
    placeholder: () => ' ADDRESS',
    read: (raw) => (typeof raw === 'string' && parseAddress(raw.trim())) || null,
    expected: () => 'an address such as :8086, 127.0.0.1:8086 or [::1]:8086',
    write: (value: Address) => formatAddress(value),
  },
  choice: {
    placeholder: ({ values = [] }) => ` ${values.join('|')}`,
    read: (raw) => textOf(raw),
    expected: ({ values = [] }) => `one of ${values.join(', ')}`,
    write: String,
  },
  texts: {
    placeholder: () => ' A,B,...',
    read: readTexts,
    expected: () => 'a list of strings, such as a,b',
    write: (value: readonly string[]) => value.join(','),
  },
}

/** YAML and TOML read 1.3 without quotes as a number. */
function textOf(raw: unknown): string {
  if (typeof raw === 'number') return String(raw)
  return typeof raw === 'string' ? raw.trim() : ''
}

function readPath(raw: unknown, { cwd, home }: Place): string | null {
  if (typeof raw !== 'string' || raw === '' || raw.includes('\0')) return null
  return resolve(cwd, /^~(?=$|[/\\])/.test(raw) ? join(home, raw.slice(1)) : raw)
}

function readTexts(raw: unknown): unknown {
  const items = typeof raw === 'string' ? raw.split(',') : raw
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return null
  return items.map((item) => item.trim()).filter((item) => item !== '')
}
