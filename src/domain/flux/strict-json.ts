/** JSON that Go and JavaScript read alike: each key once, whatever its case, and nothing behind the value. */

const MAX_DEPTH = 1_000
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text in these bytes; undefined if they are not UTF-8. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The value in these bytes. Undefined if it is not valid JSON, is nested too deep, or has a key twice: Go takes the last
 * of two, in any case of their letters.
 */
export function parseStrictJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  const text = strictText(bytes)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return hasClearKeys(text) ? { value } : undefined
  } catch {
    return undefined
  }
}

/** Folds a key as Go does: the long s is an s too, and the Kelvin sign a k. */
export const foldKey = (key: string): string => key.toUpperCase().toLowerCase()

/** Expects valid JSON. */
function hasClearKeys(text: string): boolean {
  /** The keys of each object that is open; undefined for arrays. */
  const open: (Set<string> | undefined)[] = []
  let isKeyNext = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      const end = endOfString(text, at)
      if (isKeyNext && !isNew(JSON.parse(text.slice(at, end)), open.at(-1))) return false
      isKeyNext = false
      at = end - 1
    } else if (char === '{' || char === '[') {
      if (open.push(char === '{' ? new Set() : undefined) > MAX_DEPTH) return false
      isKeyNext = char === '{'
    } else if (char === '}' || char === ']') {
      open.pop()
      isKeyNext = false
    } else if (char === ',') {
      isKeyNext = open.at(-1) !== undefined
    }
  }
  return true
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function isNew(key: string, keys: Set<string> | undefined): boolean {
  const folded = foldKey(key)
  if (keys?.has(folded)) return false
  keys?.add(folded)
  return true
}
