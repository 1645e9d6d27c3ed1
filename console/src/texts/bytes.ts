/** Sizes as text, apart from `words.ts`, which sign-in loads. */

const UNITS = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const

/** A number of bytes in one unit, of a thousand of the one before. */
export function bytes(count: number): string {
  const [size, unit] = UNITS.find(([each]) => count >= each) ?? [1, 'B']
  return `${(count / size).toLocaleString(undefined, { maximumSignificantDigits: 3 })} ${unit}`
}
