/** What somebody sent to InfluxDB: the figures of a time, and a bar for each part of it. */
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { bytes } from '../texts/bytes.ts'
import { Time } from './time.tsx'

type Traffic = Shapes['Traffic']
type Counts = Shapes['TrafficCounts']
type Point = Shapes['TrafficSpan']['points'][number]
export type SpanName = (typeof texts.traffic.spans)[number][0]

const HEIGHT = 64
/** Each point is this wide; the picture is stretched to the width of the page. */
const WIDTH = 10
const GAP = 2
/** From the bottom up, with the colors of the chart of sign-ins. */
const PARTS = [
  ['success', ({ requests, refused, errors }: Counts) => requests - refused - errors],
  ['refused', ({ refused }: Counts) => refused],
  ['throttled', ({ errors }: Counts) => errors],
] as const

export function SpanSelect({ span, onChange }: { span: SpanName; onChange: (span: SpanName) => void }) {
  return (
    <select
      className="input role"
      aria-label={texts.traffic.range}
      value={span}
      onChange={(event) => onChange(event.target.value as SpanName)}
    >
      {texts.traffic.spans.map(([each, label]) => (
        <option key={each} value={each}>
          {label}
        </option>
      ))}
    </select>
  )
}

/** The traffic of the last hour or day. */
export function TrafficFigures({ traffic, span }: { traffic: Traffic; span: SpanName }) {
  const { total, points } = traffic[span]
  return (
    <div className="stack-small">
      <Figures total={total} />
      {total.requests === 0 ? (
        <p className="muted">{texts.traffic.none}</p>
      ) : (
        <Bars points={points} label={summaryOf(span, total)} />
      )}
      <p className="small muted">
        {texts.traffic.since} <Time at={traffic.since} />
      </p>
    </div>
  )
}

/** The same below a title and the choice of the time, if there is no card. */
export function TrafficSection({ traffic }: { traffic: Traffic }) {
  const [span, setSpan] = useState<SpanName>('lastDay')
  return (
    <div className="stack-small">
      <div className="row between">
        <h3>{texts.traffic.title}</h3>
        <SpanSelect span={span} onChange={setSpan} />
      </div>
      <TrafficFigures traffic={traffic} span={span} />
    </div>
  )
}

function Figures({ total }: { total: Counts }) {
  const figures = [
    [texts.traffic.requests, total.requests.toLocaleString(), undefined],
    [texts.traffic.refused, total.refused.toLocaleString(), 'refused'],
    [texts.traffic.errors, total.errors.toLocaleString(), 'throttled'],
    [texts.traffic.received, bytes(total.bytesIn), undefined],
    [texts.traffic.sent, bytes(total.bytesOut), undefined],
  ] as const
  return (
    <dl className="figures">
      {figures.map(([label, value, swatch]) => (
        <div key={label}>
          <dt>
            {swatch && <i className={`swatch-${swatch}`} aria-hidden="true" />}
            {label}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function summaryOf(span: SpanName, { requests, refused, errors }: Counts): string {
  const when = texts.traffic.spans.find(([each]) => each === span)?.[1] ?? ''
  const { traffic } = texts
  return `${when}: ${traffic.requests} ${requests}, ${traffic.refused} ${refused}, ${traffic.errors} ${errors}`
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

function Bars({ points, label }: { points: readonly Point[]; label: string }) {
  const most = Math.max(1, ...points.map(({ requests }) => requests))
  const width = points.length * WIDTH
  return (
    <figure className="traffic-bars">
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <line className="grid" x1={0} x2={width} y1={HEIGHT} y2={HEIGHT} />
        {points.map((point, index) => (
          <Bar key={point.start} point={point} x={index * WIDTH} most={most} />
        ))}
      </svg>
      <figcaption className="row between small muted" aria-hidden="true">
        <span>{clock.format(Date.parse(points[0]?.start ?? ''))}</span>
        <span>{clock.format(Date.parse(points.at(-1)?.start ?? ''))}</span>
      </figcaption>
    </figure>
  )
}

function Bar({ point, x, most }: { point: Point; x: number; most: number }) {
  const { traffic } = texts
  const lines = [
    clock.format(Date.parse(point.start)),
    `${traffic.requests}: ${point.requests.toLocaleString()}`,
    `${traffic.refused}: ${point.refused.toLocaleString()}`,
    `${traffic.errors}: ${point.errors.toLocaleString()}`,
  ]
  let below = 0
  return (
    <g>
      <title>{lines.join('\n')}</title>
      <rect fill="transparent" x={x} y={0} width={WIDTH} height={HEIGHT} />
      {PARTS.map(([name, countOf]) => {
        const height = (countOf(point) / most) * HEIGHT
        below += height
        return (
          height > 0 && (
            <rect
              key={name}
              className={`swatch-${name}`}
              x={x + GAP / 2}
              y={HEIGHT - below}
              width={WIDTH - GAP}
              height={height}
            />
          )
        )
      })}
    </g>
  )
}
