import { MOST_LABELS, tooManyLabels } from './labels.ts'

/**
 * The columns of a CSV without labels `db`: the names of the labels stand in `format` alone, and values are not read.
 * Throws `invalid`.
 */
export function ownColumns(format: string): string {
  const labels = (column: string) => {
    const [, type, name] = column.split(':')
    return type?.trim() === 'label' ? [name?.trim()] : []
  }
  const columns = format.split(',').filter((column) => !labels(column).includes('db'))
  if (columns.flatMap(labels).length > MOST_LABELS) throw tooManyLabels()
  return columns.join(',')
}
