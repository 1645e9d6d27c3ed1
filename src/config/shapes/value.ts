/** One setting: from what was written to its value, and back. */
import type { ErrorObject } from 'ajv'
import { ConfigurationError } from '../refusals/configuration-error.ts'
import { shown } from '../refusals/quote.ts'
import { nearest } from '../refusals/suggest.ts'
import { faultsOf } from './check.ts'
import type { Given } from './given.ts'
import { KINDS, type Place } from './kinds.ts'
import type { Setting } from './setting.ts'

/** `expected` completes the sentence "it must be ...". */
export type Read = { readonly value: unknown } | { readonly expected: string }

/** Reads and checks `raw`. The empty string unsets a setting that may be unset. */
export function readValue(setting: Setting, raw: unknown, place: Place): Read {
  const value = parsed(setting, raw, place)
  if (value === undefined) return { value }
  const [fault] = faultsOf(setting, value)
  return fault ? { expected: expectedOf(setting, fault) } : { value }
}

/** The parsed value of `raw`, not yet checked against the shape; undefined if it unsets the setting. */
export function parsed(setting: Setting, raw: unknown, place: Place): unknown {
  if (raw === '' && setting.default === undefined) return undefined
  return KINDS[setting.kind].read(raw, setting, place)
}

/** The default, or undefined; a test checks that each fits, so that a start need not. */
export function defaultOf(setting: Setting, place: Place): unknown {
  return parsed(setting, setting.default ?? '', place)
}

/** The same as `readValue`, but throws ConfigurationError with a sentence that names where the value is. */
export function accepted(setting: Setting, given: Given, place: Place): unknown {
  const read = readValue(setting, given.raw, place)
  if ('value' in read) return read.value
  const near =
    manyValues(setting) && typeof given.raw === 'string' && nearest(given.raw, setting.values ?? [])
  throw refusal(setting, given, read.expected, near ? `did you mean ${near}?` : undefined)
}

/** More values than a person reads through in an error. */
const MANY_VALUES = 12
const manyValues = ({ values = [] }: Setting) => values.length > MANY_VALUES

export function refusal(
  { secret }: { readonly secret?: true },
  { raw, subject }: Given,
  expected: string,
  advice = `it must be ${expected}`,
): ConfigurationError {
  const problem = secret ? 'has a value that does not fit' : `is ${shown(raw)}`
  return new ConfigurationError(`${subject} ${problem}; ${advice}`)
}

/** What would be valid instead of a value with this fault. */
export function expectedOf(setting: Setting, { keyword }: ErrorObject): string {
  const { kind, minimum, maximum } = setting
  const isOutside = keyword === 'minimum' || keyword === 'maximum'
  if (!isOutside || (kind !== 'duration' && kind !== 'bytes')) return KINDS[kind].expected(setting)
  return `from ${formatValue(setting, minimum)} to ${formatValue(setting, maximum)}`
}

/** The form in which one would write it in a flag; empty if it is unset. */
export function formatValue({ kind }: Setting, value: unknown): string {
  return value === undefined ? '' : KINDS[kind].write(value as never)
}
