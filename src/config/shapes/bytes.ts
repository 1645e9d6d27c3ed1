/** Sizes in bytes, bare or in powers of 1024. KB and MB are refused: people disagree on what they are. */

const UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const

/** Bytes, or undefined if `text` is neither a number nor one with KiB, MiB or GiB. */
export function parseBytes(text: string): number | undefined {
  const parts = /^(\d+)(KiB|MiB|GiB)?$/.exec(text)
  if (!parts) return undefined
  const unit = UNITS.find(([name]) => name === parts[2])?.[1] ?? 1
  const total = Number(parts[1]) * unit
  return Number.isSafeInteger(total) ? total : undefined
}

/** In the largest unit that leaves no remainder: 65536 is `64KiB`, 1000 is `1000`. */
export function formatBytes(bytes: number): string {
  const unit = UNITS.find(([, size]) => bytes >= size && bytes % size === 0)
  return unit ? `${bytes / unit[1]}${unit[0]}` : String(bytes)
}
