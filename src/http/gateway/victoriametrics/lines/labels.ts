/**
 * VictoriaMetrics drops the labels of a series beyond `-maxLabelsPerTimeseries` (30 in 1.79), and the label `db` that this
 * server adds is the last one: a series with many labels would lose it, or keep a `db` of its own.
 */
import { invalid } from '../../../../domain/base/errors.ts'

/** Leaves room for `db` and the name of the metric. */
export const MOST_LABELS = 28

export const tooManyLabels = () =>
  invalid(`a line has more than ${MOST_LABELS} labels, of which VictoriaMetrics would drop some`)
