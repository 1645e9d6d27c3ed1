/** Distinguished names and templates: escaping what goes into them, and comparing them. */
import { Filter } from 'ldapts'

/** Fills a filter's `{name}` and `{dn}`, escaped (RFC 4515, 3), so that no value becomes a part of the filter. */
export function fillFilter(
  template: string,
  values: Readonly<Partial<Record<'name' | 'dn', string>>>,
): string {
  return template.replaceAll(/\{(name|dn)\}/g, (whole, key: 'name' | 'dn') => {
    const value = values[key]
    return value === undefined ? whole : Filter.escape(value)
  })
}

/** The filter with any value in place of `{name}`: whom it finds at all. */
export const anybodyOf = (template: string): string => template.replaceAll('{name}', '*')

/**
 * Fills `{now}` with a time in milliseconds since 1970, as Active Directory counts: in 100 ns since 1601
 * ([MS-DTYP] 2.3.3).
 */
export function fillNow(template: string, time: number): string {
  return template.replaceAll('{now}', () => String((BigInt(Math.trunc(time)) + SINCE_1601_MS) * 10_000n))
}

const SINCE_1601_MS = 11_644_473_600_000n

/** Fills `{name}` of a distinguished name. */
export function fillDn(template: string, name: string): string {
  return template.replaceAll('{name}', () => escapeDnValue(name))
}

export const isDnTemplate = (template: string): boolean => template.includes('=')

/**
 * The name to sign in with. A template that is no distinguished name makes a userPrincipalName, in which the typed name
 * must not choose the domain; undefined for one that could.
 */
export function bindNameOf(template: string, name: string): string | undefined {
  if (isDnTemplate(template)) return fillDn(template, name)
  return /[@\\/]/.test(name) ? undefined : template.replaceAll('{name}', () => name)
}

/** RFC 4514, 2.4. */
export function escapeDnValue(value: string): string {
  return value
    .replaceAll(/[\\"+,;<=>]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}

interface Ava {
  readonly type: string
  readonly value: string
}

/**
 * A distinguished name in the one form in which equal ones are equal texts: types and values in lower case, blanks and
 * escapes alike (RFC 4514; RFC 4518 for case and blanks). Undefined for what is no distinguished name.
 */
export function foldDn(dn: string): string | undefined {
  const fold = ({ type, value }: Ava) => `${type}=${escapeDnValue(foldValue(value))}`
  return parseDn(dn)
    ?.map((rdn) => rdn.map(fold).sort().join('+'))
    .join(',')
}

/** The value of the first component if that is a `cn`, in lower case; undefined otherwise. */
export function cnOf(dn: string): string | undefined {
  const first = parseDn(dn)?.[0]?.find(({ type }) => type === 'cn')
  return first && foldValue(first.value)
}

/** Folds a text as directories compare texts of `caseIgnoreMatch` (RFC 4518, 2). */
export function foldValue(value: string): string {
  return value.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}

const TYPE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/

/** RFC 4514, 3, and RFC 4512, with the blanks, quotes and semicolons of RFC 2253, 4. */
function parseDn(dn: string): Ava[][] | undefined {
  const rdns: Ava[][] = []
  let rdn: Ava[] = []
  let at = 0
  while (true) {
    const equals = dn.indexOf('=', at)
    if (equals < 0) return undefined
    const type = dn.slice(at, equals).trim().toLowerCase()
    if (!TYPE.test(type)) return undefined
    const read = readValue(dn, equals + 1)
    if (!read) return undefined
    rdn.push({ type, value: read.value })
    const separator = dn[read.end]
    if (separator !== '+') {
      rdns.push(rdn)
      rdn = []
    }
    if (separator === undefined) return rdns
    at = read.end + 1
  }
}

/** The attribute value that begins at index `start` of a DN, and the index of the separator after it. */
function readValue(dn: string, start: number): { value: string; end: number } | undefined {
  let at = start
  while (dn[at] === ' ') at += 1
  const isQuoted = dn[at] === '"'
  if (isQuoted) at += 1
  const parts: Buffer[] = []
  /** How many parts are left if blanks at the end, which no escape protects, are taken off. */
  let kept = 0
  for (; at < dn.length; at += 1) {
    const character = String.fromCodePoint(dn.codePointAt(at) ?? 0)
    if (character === '\\') {
      const hex = /^[0-9a-fA-F]{2}/.exec(dn.slice(at + 1, at + 3))
      const next = dn.codePointAt(at + 1)
      if (next === undefined) return undefined
      const escaped = String.fromCodePoint(next)
      parts.push(hex ? Buffer.from(hex[0], 'hex') : Buffer.from(escaped))
      kept = parts.length
      at += hex ? 2 : escaped.length
      continue
    }
    if (isQuoted ? character === '"' : /[,;+]/.test(character)) break
    parts.push(Buffer.from(character))
    if (isQuoted || character !== ' ') kept = parts.length
    at += character.length - 1
  }
  if (isQuoted) {
    if (dn[at] !== '"') return undefined
    at += 1
    while (dn[at] === ' ') at += 1
    if (at < dn.length && !/[,;+]/.test(dn[at] ?? '')) return undefined
  }
  return { value: Buffer.concat(parts.slice(0, kept)).toString('utf8'), end: at }
}
