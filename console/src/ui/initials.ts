/** The first letters of the first two words, or of the only one. A name such as `ada@example.org` counts up to the @. */
export function initialsOf(name: string): string {
  const words = name.replace(/(?<=.)@.*$/u, '').match(/[\p{L}\p{N}]+/gu) ?? []
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join('')
}
