/** A chart of sign-ins over time, stacked by outcome. */
import { useEffect, useRef, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { numberTicks, timeTicks } from './ticks.ts'

type Point = Shapes['Overview']['signIns']['points'][number]

const OUTCOMES = ['success', 'refused', 'throttled'] as const
const LABELS = {
  success: texts.overview.success,
  refused: texts.overview.refused,
  throttled: texts.overview.throttledSignIns,
}
const HEIGHT = 240
const EDGE = { top: 8, right: 4, bottom: 26, left: 34 }
const GAP = 2

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const hour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** Midnight ticks show the date, all others the hour. */
const tick = (date: Date) => (date.getHours() + date.getMinutes() === 0 ? day : hour).format(date)

export function SignInChart({ points, seconds }: { points: readonly Point[]; seconds: number }) {
  const [width, figure] = useWidth()
  const format = new Intl.DateTimeFormat(
    undefined,
    seconds >= 10_800 ? { dateStyle: 'medium', timeStyle: 'short' } : { timeStyle: 'short' },
  )
  /** The time that a bar stands for. */
  const span = (start: number) => format.formatRange(start, start + seconds * 1000)
  const ends = points.map(({ start }) => Date.parse(start))
  const last = (ends.at(-1) ?? 0) + seconds * 1000
  const first = ends[0] ?? 0
  const scale = Math.max(1, width - EDGE.left - EDGE.right) / Math.max(1, last - first)
  const x = (at: number) => EDGE.left + (at - first) * scale
  const most = Math.max(4, ...points.map((point) => point.success + point.refused + point.throttled))
  const values = numberTicks(most, 4)
  const y = (value: number) =>
    HEIGHT - EDGE.bottom - (value / (values.at(-1) ?? most)) * (HEIGHT - EDGE.bottom - EDGE.top)
  const series = stacked(points)
  const barWidth = Math.max(1, seconds * 1000 * scale - GAP)

  return (
    <figure className="chart stack-small" ref={figure}>
      <Legend points={points} />
      <svg viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`} role="img" aria-label={summary(points)}>
        {values.map((value) => (
          <g key={value}>
            <line className="grid" x1={EDGE.left} x2={width - EDGE.right} y1={y(value)} y2={y(value)} />
            <text x={EDGE.left - 8} y={y(value)} dy="0.32em" textAnchor="end">
              {value.toLocaleString()}
            </text>
          </g>
        ))}
        {timeTicks(first, last, Math.max(2, Math.floor(width / 80))).map((date) => (
          <text key={date.getTime()} x={x(date.getTime())} y={HEIGHT - 6} textAnchor="middle">
            {tick(date)}
          </text>
        ))}
        {series.map(({ key, bars }) => (
          <g key={key} className={`swatch-${key}`}>
            {bars.map(([low, high], index) =>
              high > low ? (
                <rect
                  key={points[index]?.start}
                  x={x(ends[index] ?? 0) + GAP / 2}
                  y={y(high)}
                  width={barWidth}
                  height={y(low) - y(high)}
                  rx={Math.min(2, barWidth / 4)}
                />
              ) : null,
            )}
          </g>
        ))}
        {points.map((point, index) => (
          <rect
            key={point.start}
            className="hover"
            fill="transparent"
            x={x(ends[index] ?? 0)}
            y={EDGE.top}
            width={barWidth + GAP}
            height={HEIGHT - EDGE.bottom - EDGE.top}
          >
            <title>
              {`${span(ends[index] ?? 0)}\n${OUTCOMES.map((each) => `${LABELS[each]}: ${point[each]}`).join('\n')}`}
            </title>
          </rect>
        ))}
      </svg>
      <AsTable points={points} span={span} />
    </figure>
  )
}

/** For each outcome, from where to where its bars reach. */
function stacked(points: readonly Point[]) {
  const tops = points.map(() => 0)
  return OUTCOMES.map((key) => ({
    key,
    bars: points.map((point, index) => {
      const low = tops[index] ?? 0
      tops[index] = low + point[key]
      return [low, low + point[key]] as const
    }),
  }))
}

const total = (points: readonly Point[], outcome: (typeof OUTCOMES)[number]) =>
  points.reduce((sum, point) => sum + point[outcome], 0)

function summary(points: readonly Point[]): string {
  return `${texts.overview.signIns}: ${OUTCOMES.map((each) => `${LABELS[each]} ${total(points, each)}`).join(', ')}`
}

function Legend({ points }: { points: readonly Point[] }) {
  return (
    <ul className="legend-list">
      {OUTCOMES.map((each) => (
        <li key={each}>
          <i className={`swatch-${each}`} aria-hidden="true" />
          {LABELS[each]}
          <span className="strong">{total(points, each).toLocaleString()}</span>
        </li>
      ))}
    </ul>
  )
}

/** The same data as a table, for users who cannot see the chart. */
function AsTable({ points, span }: { points: readonly Point[]; span: (start: number) => string }) {
  const busy = points.filter((point) => OUTCOMES.some((each) => point[each] > 0))
  return (
    <details className="quiet small">
      <summary>{texts.overview.asTable}</summary>
      {busy.length === 0 ? (
        <p className="muted">{texts.overview.none}</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{texts.audit.time}</th>
                {OUTCOMES.map((each) => (
                  <th key={each} className="end">
                    {LABELS[each]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {busy.map((point) => (
                <tr key={point.start}>
                  <td>{span(Date.parse(point.start))}</td>
                  {OUTCOMES.map((each) => (
                    <td key={each} className="end">
                      {point[each].toLocaleString()}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}

/** The current width of an element. */
function useWidth() {
  const element = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(640)
  useEffect(() => {
    const { current } = element
    if (!current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [width, element] as const
}
