/** Prints figures, each with the value that it must reach. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: 'ratio' | 'ms' | 'bytes' | 'MiB' | '%' | 'a second' | 'µs'
  readonly atLeast?: number
  readonly atMost?: number
  readonly goal?: number
  readonly detail?: string
}

export function reached({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean {
  return value >= atLeast && value <= atMost
}

export function line(figure: Figure): string {
  const { name, atLeast, atMost, goal, detail } = figure
  const bar =
    atLeast !== undefined
      ? ` (at least ${atLeast}${goal ? `, goal ${goal}` : ''})`
      : atMost !== undefined
        ? ` (at most ${atMost})`
        : ''
  const value =
    figure.unit === 'ratio' ? figure.value.toFixed(2) : figure.value.toFixed(digitsOf(figure.value))
  const unit = figure.unit === 'ratio' ? '' : ` ${figure.unit}`
  const shown = `${value}${unit}`.padStart(11)
  return `${reached(figure) ? 'ok  ' : 'MISS'} ${shown}  ${name}${bar}${detail ? `\n${' '.repeat(18)}${detail}` : ''}`
}

/** Three digits or so. */
const digitsOf = (value: number) => (value < 1 ? 3 : value < 100 ? 1 : 0)

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
