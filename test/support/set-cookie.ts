/** Parses a `Set-Cookie` header: name, value, and attributes by lower-case name. */
export function parseSetCookie(line: string): Record<string, string | true> {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const [name, value] = halves(pair)
  const read = attributes.map((attribute) => {
    const [key, given] = halves(attribute)
    return [key.toLowerCase(), attribute.includes('=') ? given : true]
  })
  return { name, value, ...Object.fromEntries(read) }
}

function halves(text: string): [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
