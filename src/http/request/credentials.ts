/** Pure readers of the headers that carry credentials. None throws; what is unreadable is undefined. */
import { isUtf8 } from 'node:buffer'
import type { Credentials } from '../../domain/passwords/credentials.ts'
import { MOST_KEYS } from '../../domain/sessions/live-key.ts'

const BASIC = /^basic ([A-Za-z0-9+/]*={0,2})$/i

/**
 * Reads `Authorization: Basic` (RFC 7617): standard base64 with its padding, the name up to the first colon. If
 * name and password together are UTF-8, the password is verified byte for byte as it was sent. If they are not,
 * both are read as ISO 8859-1, which browsers' `btoa` and Python's clients send, and the password is verified in
 * UTF-8, since that is how JSON bodies set it.
 */
export function readBasic(header: string | undefined): Credentials | undefined {
  const encoded = header && BASIC.exec(header)?.[1]
  if (!encoded || encoded.length % 4 !== 0) return undefined
  const sent = Buffer.from(encoded, 'base64')
  const bytes = isUtf8(sent) ? sent : Buffer.from(sent.toString('latin1'))
  const colon = bytes.indexOf(0x3a)
  if (colon < 0) return undefined
  return { name: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) }
}

/** Reads `Authorization: Token T` or `Bearer T`: the scheme in any case, one space. */
export function readToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  for (const scheme of ['token ', 'bearer ']) {
    if (header.length >= scheme.length && header.slice(0, scheme.length).toLowerCase() === scheme) {
      return header.slice(scheme.length)
    }
  }
  return undefined
}

/** Whether the scheme of `Authorization` is `Bearer` (RFC 6750, 2.1). */
export function isBearer(header: string | undefined): boolean {
  return header !== undefined && /^bearer /i.test(header)
}

/**
 * Reads the keys in all cookies of that name (RFC 6265, 5.4), in their order and each once, without the double
 * quotes that may stand around a value. An empty value is no key, nor is one with a character that no cookie may
 * hold. It stops at one more than are looked up.
 */
export function readSessionKeys(header: string | undefined, name: string): readonly string[] {
  if (header === undefined) return NO_KEYS
  let keys: string[] | undefined
  for (let start = 0; start < header.length; ) {
    let end = header.indexOf(';', start)
    if (end < 0) end = header.length
    const next = end + 1
    while (start < end && isSpace(header, start)) start += 1
    while (start < end && isSpace(header, end - 1)) end -= 1
    if (header.startsWith(name, start) && header[start + name.length] === '=') {
      const value = unquote(header.slice(start + name.length + 1, end))
      if (COOKIE_VALUE.test(value) && !keys?.includes(value)) {
        if (keys) keys.push(value)
        else keys = [value]
        if (keys.length > MOST_KEYS) return keys
      }
    }
    start = next
  }
  return keys ?? NO_KEYS
}

/** The header without all cookies of that name, found as `readSessionKeys` finds them; the others stay as they were sent. */
export function withoutCookie(header: string | undefined, name: string): string {
  if (header === undefined) return ''
  const others = header.split(';').filter((each) => !each.replace(/^[ \t]+/, '').startsWith(`${name}=`))
  return others.join(';').replace(/^[ \t]+/, '')
}

const NO_KEYS: readonly string[] = []

/** RFC 6265's octets and, as Go reads them too, space and comma. */
const COOKIE_VALUE = /^[ !#-:<-[\]-~]+$/

function isSpace(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t'
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
