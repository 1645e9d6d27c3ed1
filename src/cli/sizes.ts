const UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const

/** A size as a person reads it: `680 kB`, `1.4 MB`. */
export function sizeText(bytes: number): string {
  const [unit, size] = UNITS.find(([, each]) => bytes >= each) ?? (['bytes', 1] as const)
  const count = bytes / size
  return `${count < 10 && size > 1 ? count.toFixed(1) : Math.round(count)} ${unit}`
}
